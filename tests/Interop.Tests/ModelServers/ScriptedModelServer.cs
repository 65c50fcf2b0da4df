using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.ModelServers;

/// <summary>A model server that says what it received, or does what a test has written for one request.</summary>
internal static class ScriptedModelServer
{
    /// <summary>Names the script that answers a request; without it, or with an unknown one, the answer is an <see cref="Echo"/>.</summary>
    public const string ScriptHeader = "x-stub-script";

    /// <param name="scripts">Answers by name, shared by all model servers of a test: any of them may be picked.</param>
    public static Task<StubModelServer> StartAsync(ConcurrentDictionary<string, RequestDelegate> scripts) =>
        StubModelServer.StartAsync((server, context) =>
            scripts.TryGetValue(context.Request.Headers[ScriptHeader].ToString(), out var script)
                ? script(context)
                : Echo.AnswerAsync(context, server.Address));
}
