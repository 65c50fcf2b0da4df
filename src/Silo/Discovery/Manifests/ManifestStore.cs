using System.Collections.Immutable;
using System.Security.Cryptography;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>The manifests of one path: reads what has changed, keeps the last good content of a broken file, and puts all files together.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ManifestStore(string path, string defaultNamespace, TimeProvider time)
{
    /// <summary>10,000 pods, written by hand, are 2 MB; as an API server prints them, 50 MB.</summary>
    private const long MaxFileBytes = 256L * 1024 * 1024;

    /// <summary>File systems count time in steps; within one, a second change of the same length looks like none, so a young file is read again.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, State> _files = new(StringComparer.Ordinal);
    private Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private HashSet<YamlIssue> _duplicates = [];
    private string? _unreadable;
    private bool _isFirst = true;

    /// <summary>Reads what has changed since the last call.</summary>
    /// <returns>All objects now; null where nothing has changed, or where the path can't be read at all.</returns>
    /// <param name="issues">Gets what was found in the files that were read.</param>
    public ClusterObjects? Refresh(List<YamlIssue> issues)
    {
        if (FindFiles(issues) is not { } files)
        {
            return null;
        }

        var changed = _isFirst;
        _isFirst = false;
        foreach (var gone in _files.Keys.Except(files, StringComparer.Ordinal).ToList())
        {
            changed |= _files.Remove(gone);
        }

        foreach (var file in files)
        {
            changed |= RefreshFile(file, issues);
        }

        return changed ? Merge(files, issues) : null;
    }

    /// <summary>Null where there is nothing at the path, as while it is being replaced, or it can't be read: then all stays as it was.</summary>
    private List<string>? FindFiles(List<YamlIssue> issues)
    {
        string reason;
        try
        {
            if (ManifestFiles.Find(path) is { } files)
            {
                _unreadable = null;
                return files;
            }

            reason = "there is no such file or folder";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reason = exception.Message;
        }

        if (_unreadable != reason)
        {
            _unreadable = reason;
            issues.Add(new(IssueLevel.Error, path, 0, 0, $"can't be read, all stays as it was: {reason}"));
        }

        return null;
    }

    private bool RefreshFile(string file, List<YamlIssue> issues)
    {
        var before = _files.GetValueOrDefault(file);
        if (ManifestFiles.StampOf(file) is not { } stamp || (before is { IsSettled: true } && before.Stamp == stamp))
        {
            return false;
        }

        // What can't be read is tried again each time, and told of once.
        var (bytes, failure) = ReadBytes(file, stamp);
        var isSettled = failure is null && (time.GetUtcNow().UtcDateTime - stamp.Written).Duration() > Settled;
        var hash = failure?.Message ?? Convert.ToHexString(SHA256.HashData(bytes));
        if (before is not null && before.Hash == hash)
        {
            _files[file] = before with { Stamp = stamp, IsSettled = isSettled };
            return false;
        }

        var (content, found) = failure is null ? ManifestReader.Read(file, new StreamReader(new MemoryStream(bytes)).ReadToEnd(), defaultNamespace) : (null, [failure]);
        issues.AddRange(found);
        if (content is null)
        {
            issues.Add(new(IssueLevel.Error, file, 0, 0, before?.Content is null ? "not applied" : "not applied; what it said before goes on counting"));
        }

        _files[file] = new(stamp, isSettled, hash, content ?? before?.Content);
        return content is not null;
    }

    private static (byte[] Bytes, YamlIssue? Failure) ReadBytes(string file, ManifestStamp stamp)
    {
        if (stamp.Length > MaxFileBytes)
        {
            return ([], new(IssueLevel.Error, file, 0, 0, $"larger than {MaxFileBytes} bytes"));
        }

        try
        {
            return (File.ReadAllBytes(file), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ([], new(IssueLevel.Error, file, 0, 0, $"can't be read: {exception.Message}"));
        }
    }

    /// <summary>Of an object in two files, the file that had it before keeps it, else the first one; the other is left out.</summary>
    private ClusterObjects Merge(List<string> files, List<YamlIssue> issues)
    {
        var contents = files.Select(file => _files.GetValueOrDefault(file)?.Content).OfType<ManifestContent>().ToList();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var duplicates = new HashSet<YamlIssue>();
        var objects = new ClusterObjects
        {
            Pools = Pick(contents.SelectMany(content => content.Pools), owners, duplicates),
            Pods = Pick(contents.SelectMany(content => content.Pods), owners, duplicates),
            Policies = Pick(contents.SelectMany(content => content.Policies), owners, duplicates),
        };
        issues.AddRange(duplicates.Where(duplicate => !_duplicates.Contains(duplicate)));
        _owners = owners;
        _duplicates = duplicates;
        return objects;
    }

    private ImmutableArray<T> Pick<T>(IEnumerable<Placed<T>> all, Dictionary<string, string> owners, HashSet<YamlIssue> duplicates)
    {
        var picked = ImmutableArray.CreateBuilder<T>();
        foreach (var same in all.GroupBy(placed => placed.Key, StringComparer.Ordinal))
        {
            var winner = same.FirstOrDefault(placed => placed.File == _owners.GetValueOrDefault(placed.Key)) ?? same.First();
            owners[same.Key] = winner.File;
            picked.Add(winner.Object);
            foreach (var other in same.Where(placed => placed != winner))
            {
                var message = $"{same.Key} is given a second time and left out; it counts as written in {winner.File}:{winner.Line}";
                duplicates.Add(new(IssueLevel.Error, other.File, other.Line, other.Column, message));
            }
        }

        return picked.ToImmutable();
    }

    /// <param name="Content">The newest good content; null where there never was any.</param>
    /// <param name="IsSettled">The file was old enough when it was read for <see cref="Stamp"/> to tell every later change.</param>
    /// <param name="Hash">Of its bytes, or why they can't be read.</param>
    private sealed record State(ManifestStamp Stamp, bool IsSettled, string Hash, ManifestContent? Content);
}
