using Orleans.Inference.Picking.Yaml;
using Orleans.Inference.Silo.Discovery;
using Orleans.Inference.Silo.Discovery.Manifests;

namespace Orleans.Inference.Silo.Tests.Discovery;

public sealed class ManifestStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<YamlIssue> _issues = [];

    [Fact]
    public void Refresh_Folder_ReadsItsYamlAndJsonFilesOnly()
    {
        _folder.Write("a.yaml", Pod("a"));
        _folder.Write("b.yml", Pod("b"));
        _folder.Write("c.json", """{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c"}}""");
        _folder.Write("README.md", "no manifest");
        _folder.Write(".hidden.yaml", Pod("hidden"));
        Directory.CreateDirectory(_folder.PathOf("sub.yaml"));

        Assert.Equal(["a", "b", "c"], Names(Store().Refresh(_issues)));
        Assert.Empty(_issues);
    }

    [Fact]
    public void Refresh_EmptyFolder_SaysOnceThatThereIsNothing()
    {
        var store = Store();

        Assert.Empty(store.Refresh(_issues)!.Pods);
        Assert.Null(store.Refresh(_issues));
    }

    [Fact]
    public void Refresh_NothingChanged_IsNull()
    {
        _folder.Write("a.yaml", Pod("a"));
        var store = Store();
        store.Refresh(_issues);

        Assert.Null(store.Refresh(_issues));
    }

    [Fact]
    public void Refresh_ChangedAddedAndRemovedFiles_AreSeen()
    {
        _folder.Write("a.yaml", Pod("a"));
        _folder.Write("b.yaml", Pod("b"));
        var store = Store();
        store.Refresh(_issues);

        _folder.Write("a.yaml", Pod("a2"));
        Assert.Equal(["a2", "b"], Names(store.Refresh(_issues)));
        _folder.Write("c.yaml", Pod("c"));
        Assert.Equal(["a2", "b", "c"], Names(store.Refresh(_issues)));
        File.Delete(_folder.PathOf("b.yaml"));
        Assert.Equal(["a2", "c"], Names(store.Refresh(_issues)));
    }

    [Fact]
    public void Refresh_SameLengthAndTime_IsSeenInAYoungFile()
    {
        _folder.Write("a.yaml", Pod("a"));
        var store = Store();
        store.Refresh(_issues);
        var written = File.GetLastWriteTimeUtc(_folder.PathOf("a.yaml"));

        _folder.Write("a.yaml", Pod("b"));
        File.SetLastWriteTimeUtc(_folder.PathOf("a.yaml"), written);

        Assert.Equal(["b"], Names(store.Refresh(_issues)));
    }

    [Fact]
    public void Refresh_AtomicRename_IsSeen()
    {
        _folder.Write("a.yaml", Pod("a"));
        var store = Store();
        store.Refresh(_issues);

        _folder.Write("a.yaml.tmp", Pod("new"));
        File.Move(_folder.PathOf("a.yaml.tmp"), _folder.PathOf("a.yaml"), overwrite: true);

        Assert.Equal(["new"], Names(store.Refresh(_issues)));
    }

    [Fact]
    public void Refresh_MountedConfigMap_FollowsItsLinks()
    {
        // The layout of a mounted ConfigMap: names link into ..data, which is a link that is swapped.
        var map = new MountedConfigMap(_folder, ("pods.yaml", Pod("a")));
        var store = Store();
        Assert.Equal(["a"], Names(store.Refresh(_issues)));

        map.Replace(("pods.yaml", Pod("b")));

        Assert.Equal(["b"], Names(store.Refresh(_issues)));
        Assert.Null(store.Refresh(_issues));
    }

    [Fact]
    public void Refresh_BrokenFile_KeepsItsLastGoodContentAndTheOthersChange()
    {
        _folder.Write("a.yaml", Pod("a"));
        _folder.Write("b.yaml", Pod("b"));
        var store = Store();
        store.Refresh(_issues);

        _folder.Write("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {podIP: nowhere}\n");
        _folder.Write("b.yaml", Pod("b2"));

        Assert.Equal(["a", "b2"], Names(store.Refresh(_issues)));
        var file = _folder.PathOf("a.yaml");
        Assert.Equal([$"{file}:4:17: status.podIP: \"nowhere\" is no IP address", $"{file}: not applied; what it said before goes on counting"], _issues.Select(issue => issue.ToString()));

        _issues.Clear();
        Assert.Null(store.Refresh(_issues));
        Assert.Empty(_issues);

        _folder.Write("a.yaml", Pod("a3"));
        Assert.Equal(["a3", "b2"], Names(store.Refresh(_issues)));
        Assert.Empty(_issues);
    }

    [Fact]
    public void Refresh_FileBrokenFromTheStart_LeavesOnlyItselfOut()
    {
        _folder.Write("a.yaml", "kind: [\n");
        _folder.Write("b.yaml", Pod("b"));

        Assert.Equal(["b"], Names(Store().Refresh(_issues)));
        Assert.Equal(2, _issues.Count(issue => issue.Level == IssueLevel.Error));
    }

    [Fact]
    public void Refresh_ObjectInTwoFiles_TheFileThatHadItKeepsIt()
    {
        _folder.Write("m.yaml", Pod("a", "10.0.0.1"));
        var store = Store();
        store.Refresh(_issues);

        _folder.Write("b.yaml", Pod("other") + "---\n" + Pod("a", "10.0.0.2"));
        var objects = store.Refresh(_issues);

        Assert.Equal(["10.0.0.1"], objects!.Pods.Where(pod => pod.Name == "a").Select(pod => pod.Ip));
        Assert.Contains("other", Names(objects));
        Assert.Equal($"{_folder.PathOf("b.yaml")}:7:1: Pod./ns/a is given a second time and left out; it counts as written in {_folder.PathOf("m.yaml")}:1", Assert.Single(_issues).ToString());

        File.Delete(_folder.PathOf("m.yaml"));
        Assert.Equal(["10.0.0.2"], store.Refresh(_issues)!.Pods.Where(pod => pod.Name == "a").Select(pod => pod.Ip));
        Assert.Single(_issues);
    }

    [Fact]
    public void Refresh_PathGone_KeepsAllAndSaysSoOnce()
    {
        _folder.Write("pods/a.yaml", Pod("a"));
        var store = new ManifestStore(_folder.PathOf("pods"), "ns", TimeProvider.System);
        store.Refresh(_issues);

        Directory.Move(_folder.PathOf("pods"), _folder.PathOf("gone"));

        Assert.Null(store.Refresh(_issues));
        Assert.Null(store.Refresh(_issues));
        Assert.Contains("all stays as it was", Assert.Single(_issues).Message, StringComparison.Ordinal);

        Directory.Move(_folder.PathOf("gone"), _folder.PathOf("pods"));
        Assert.Null(store.Refresh(_issues));
        _folder.Write("pods/b.yaml", Pod("b"));
        Assert.Equal(["a", "b"], Names(store.Refresh(_issues)));
    }

    public void Dispose() => _folder.Dispose();

    internal static string Pod(string name, string ip = "10.0.0.1") => $"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nstatus: {{podIP: {ip}}}\n";

    private static IEnumerable<string> Names(ClusterObjects? objects) => Assert.IsType<ClusterObjects>(objects).Pods.Select(pod => pod.Name).Order(StringComparer.Ordinal);

    private ManifestStore Store() => new(_folder.Path, "ns", TimeProvider.System);
}
