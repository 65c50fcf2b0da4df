namespace Orleans.Inference.Grains.Contracts;

/// <summary>Keys of the grains.</summary>
public static class GrainKeys
{
    /// <summary>Key of the one <see cref="IPoolDirectoryGrain"/>.</summary>
    public const string Directory = "cluster";

    /// <summary>Key of a model server's grain: a server that is part of two pools is watched for each, since each may name other ports and engines.</summary>
    /// <param name="pool"><c>namespace/name</c> of the pool.</param>
    /// <param name="server">Id of the server.</param>
    public static string OfModelServer(string pool, string server) => $"{pool}|{server}";
}
