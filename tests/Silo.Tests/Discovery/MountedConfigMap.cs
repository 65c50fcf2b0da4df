using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Inference.Silo.Tests.Discovery;

/// <summary>Files as Kubernetes mounts a ConfigMap: <c>name → ..data/name</c>, <c>..data → ..N</c>, and a change is one rename of <c>..data</c>.</summary>
internal sealed class MountedConfigMap
{
    private readonly TempFolder _folder;
    private int _version;

    public MountedConfigMap(TempFolder folder, params (string Name, string Text)[] files)
    {
        _folder = folder;
        Replace(files);
        foreach (var (name, _) in files)
        {
            File.CreateSymbolicLink(folder.PathOf(name), Path.Combine("..data", name));
        }
    }

    public void Replace(params (string Name, string Text)[] files)
    {
        var old = ".." + _version.ToString(CultureInfo.InvariantCulture);
        var current = ".." + (++_version).ToString(CultureInfo.InvariantCulture);
        foreach (var (name, text) in files)
        {
            _folder.Write(Path.Combine(current, name), text);
        }

        Directory.CreateSymbolicLink(_folder.PathOf("..data_tmp"), current);
        Assert.Equal(0, Rename(Encoding.UTF8.GetBytes(_folder.PathOf("..data_tmp") + '\0'), Encoding.UTF8.GetBytes(_folder.PathOf("..data") + '\0')));
        if (Directory.Exists(_folder.PathOf(old)))
        {
            Directory.Delete(_folder.PathOf(old), recursive: true);
        }
    }

    /// <summary>rename(2) replaces a link by another in one step, which .NET offers for files only.</summary>
    [DllImport("libc", EntryPoint = "rename")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename(byte[] from, byte[] to);
}
