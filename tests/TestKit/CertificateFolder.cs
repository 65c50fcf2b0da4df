using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Inference.TestKit;

/// <summary>A folder with <c>tls.crt</c> and <c>tls.key</c>, deleted with its disposal.</summary>
public sealed partial class CertificateFolder : IDisposable
{
    private const string Data = "..data";

    private int _mounts;

    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("certificate-").FullName;

    /// <summary>The certificate's file.</summary>
    public string Certificate => System.IO.Path.Combine(Path, "tls.crt");

    /// <summary>Writes a new pair in place.</summary>
    /// <returns>Hash of the certificate.</returns>
    public string Write(string subject)
    {
        using var certificate = TestCertificates.SelfSigned(subject);
        WriteTo(Path, certificate);
        return certificate.GetCertHashString();
    }

    /// <summary>Writes a new pair as Kubernetes changes a mounted secret: the files are links through <c>..data</c>, which is renamed to point to another folder.</summary>
    /// <returns>Hash of the certificate.</returns>
    public string Mount(string subject)
    {
        using var certificate = TestCertificates.SelfSigned(subject);
        Mount(folder => WriteTo(folder, certificate));
        return certificate.GetCertHashString();
    }

    /// <summary>The same with files that are no pair.</summary>
    public void MountBroken() => Mount(static folder =>
    {
        using var one = TestCertificates.SelfSigned("CN=one");
        using var other = TestCertificates.SelfSigned("CN=other");
        WriteTo(folder, one);
        File.WriteAllText(System.IO.Path.Combine(folder, "tls.crt"), other.ExportCertificatePem());
    });

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Mount(Action<string> write)
    {
        var version = $"..version-{++_mounts}";
        write(Directory.CreateDirectory(System.IO.Path.Combine(Path, version)).FullName);
        var next = System.IO.Path.Combine(Path, "..data_tmp");
        Directory.CreateSymbolicLink(next, version);

        // rename(2) replaces a link by another in one step, which .NET offers for files only.
        if (Rename(next, System.IO.Path.Combine(Path, Data)) != 0)
        {
            throw new IOException($"{next} could not be renamed: error {Marshal.GetLastPInvokeError()}.");
        }

        foreach (var file in new[] { "tls.crt", "tls.key" })
        {
            if (!File.Exists(System.IO.Path.Combine(Path, file)))
            {
                File.CreateSymbolicLink(System.IO.Path.Combine(Path, file), System.IO.Path.Combine(Data, file));
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(string from, string to);

    private static void WriteTo(string folder, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(System.IO.Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(System.IO.Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
