namespace Orleans.Inference.TestKit;

/// <summary>Finds what was built beside the running test.</summary>
/// <remarks>
/// A test project that starts a process must make sure that it is built:
/// <c>&lt;ProjectReference Include="../../src/Silo/Silo.csproj" ReferenceOutputAssembly="false" /&gt;</c>.
/// </remarks>
public static class RepositoryPaths
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Dll of the silo's process.</summary>
    public static string Silo => Dll("Silo");

    /// <summary>Dll of the gateway as a process of its own.</summary>
    public static string Gateway => Dll("ExtProcGateway");

    /// <summary>Dll of the simulator.</summary>
    public static string Simulator => Dll("Simulator");

    /// <summary>Dll of a project, in the same variant (stand-ins or official packages) and configuration as the running test.</summary>
    /// <exception cref="FileNotFoundException">It has not been built.</exception>
    public static string Dll(string project)
    {
        // artifacts/<variant>/bin/<project>/<configuration>/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var bin = own.Parent?.Parent?.FullName ?? throw new DirectoryNotFoundException($"{own} is not in an artifacts folder.");
        var dll = Path.Combine(bin, project, own.Name, $"Orleans.Inference.{project}.dll");
        return File.Exists(dll) ? dll : throw new FileNotFoundException($"{project} has not been built: {dll} is missing.", dll);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orleans.Inference.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not within the repository.");
    }
}
