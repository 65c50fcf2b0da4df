namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>The files that a manifests path stands for: itself, or the YAML and JSON files right in that folder.</summary>
internal static class ManifestFiles
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>Full paths, in order; null where there is nothing at the path.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public static List<string>? Find(string path)
    {
        if (File.Exists(path))
        {
            return [Path.GetFullPath(path)];
        }

        // Names with a dot in front are editors' own, or the folders behind a mounted ConfigMap.
        return !Directory.Exists(path)
            ? null
            : [.. Directory.EnumerateFiles(path)
                .Where(file => !Path.GetFileName(file).StartsWith('.') && Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Select(Path.GetFullPath)
                .Order(StringComparer.Ordinal)];
    }

    /// <summary>Changes when the file's content may have: where it is really, how long it is, when it was written. Null where it is gone.</summary>
    public static ManifestStamp? StampOf(string file)
    {
        try
        {
            var info = new FileInfo(file);
            var target = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            return target.Exists ? new(target.FullName, target.Length, target.LastWriteTimeUtc) : null;
        }
        catch (IOException)
        {
            // A link that points nowhere, as in the middle of a swap.
            return null;
        }
    }
}
