using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;

namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>The descriptors of ext_proc and gRPC health in a file, for clients that make their messages from them.</summary>
internal static class Descriptors
{
    private static readonly Lazy<string> WrittenFile = new(Write);

    /// <summary>A serialised <c>FileDescriptorSet</c>, each file after those that it imports.</summary>
    public static string File => WrittenFile.Value;

    private static string Write()
    {
        var set = new FileDescriptorSet();
        var known = new HashSet<string>(StringComparer.Ordinal);
        Add(ExternalProcessorReflection.Descriptor, set, known);
        Add(HealthReflection.Descriptor, set, known);
        var path = Path.Combine(AppContext.BaseDirectory, "interop-descriptors.pb");
        System.IO.File.WriteAllBytes(path, set.ToByteArray());
        return path;
    }

    private static void Add(FileDescriptor file, FileDescriptorSet set, HashSet<string> known)
    {
        if (known.Add(file.Name))
        {
            foreach (var import in file.Dependencies)
            {
                Add(import, set, known);
            }

            set.File.Add(FileDescriptorProto.Parser.ParseFrom(file.SerializedData));
        }
    }
}
