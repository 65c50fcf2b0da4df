using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests.Configuration;

/// <summary>Who takes over from whom when another configuration is served by.</summary>
public sealed class TakeOverTests
{
    private static readonly PluginRegistry Registry = PluginRegistry.CreateBuiltIn()
        .Add(PluginDefinition.Of<Rememberer>("one", _ => new Rememberer()) with { Summary = "Of a test." })
        .Add(PluginDefinition.Of<Rememberer>("other", _ => new Rememberer()) with { Summary = "Of a test." })
        .Add(PluginDefinition.Of<Thrower>("thrower", _ => new Thrower()) with { Summary = "Of a test." });

    private static PickerConfiguration Load(string plugins) => Loading.Accept($"plugins: [{plugins}]", Registry);

    private static object? PredecessorOf(PickerConfiguration configuration, string name) =>
        ((Rememberer)configuration.Plugins.Single(plugin => plugin.Name == name).Plugin).Predecessor;

    [Fact]
    public void TakeOver_TheSameNameAndType_GetsItsPredecessor()
    {
        var before = Load("{type: one}, {name: a, type: one}, {name: b, type: one}, {name: c, type: one}");
        var after = Load("{name: a, type: one}, {name: b, type: other}, {name: d, type: one}, {type: one}");

        Assert.Empty(after.TakeOver(before));

        Assert.Same(before.Plugins.Single(plugin => plugin.Name == "a").Plugin, PredecessorOf(after, "a"));
        Assert.Same(before.Plugins.Single(plugin => plugin.Name == "one").Plugin, PredecessorOf(after, "one"));
        Assert.Null(PredecessorOf(after, "b"));
        Assert.Null(PredecessorOf(after, "d"));
    }

    [Fact]
    public void TakeOver_APluginThatThrows_IsToldAndTheOthersGoOn()
    {
        var before = Load("{type: thrower}, {type: one}");
        var after = Load("{type: thrower}, {type: one}");

        Assert.Equal(["plugin 'thrower' took nothing over: of a test"], after.TakeOver(before));
        Assert.NotNull(PredecessorOf(after, "one"));
    }

    private sealed class Rememberer : IPreRequest, ISuccessor
    {
        public object? Predecessor { get; private set; }

        public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits)
        {
            // Remembers nothing of requests.
        }

        public void TakeOver(object predecessor) => Predecessor = predecessor;
    }

    private sealed class Thrower : IPreRequest, ISuccessor
    {
        public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits)
        {
            // Does nothing to requests.
        }

        public void TakeOver(object predecessor) => throw new InvalidOperationException("of a test");
    }
}
