using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>A test of what depends on whether processes can form a cluster: they can with the official Orleans packages only.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProcessClusterFactAttribute : FactAttribute
{
    private const string StandIn = "StandIn.Microsoft.Orleans.dll";

    /// <param name="possible">Whether the test is of builds in which they can.</param>
    public ProcessClusterFactAttribute(bool possible)
    {
        var isPossible = !File.Exists(Path.Combine(Path.GetDirectoryName(RepositoryPaths.Gateway)!, StandIn));
        if (isPossible != possible)
        {
            Skip = possible
                ? "a cluster of processes needs the official Orleans packages; this build has their stand-in"
                : "only the stand-in of the Orleans packages refuses a cluster of processes; this build has the official ones";
        }
    }
}
