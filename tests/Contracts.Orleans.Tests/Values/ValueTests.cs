using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Orleans.Inference.OrleansContracts.Support;
using Orleans.Serialization;

namespace Orleans.Inference.OrleansContracts.Values;

public sealed class ValueTests(OneSiloFixture fixture) : IClassFixture<OneSiloFixture>
{
    public static TheoryData<string, object> Values { get; } = new()
    {
        { "string", "text" },
        { "int", 42 },
        { "long", 1L << 40 },
        { "double", 0.5 },
        { "decimal", 1.25m },
        { "bool", true },
        { "char", 'x' },
        { "Guid", Guid.Parse("6a8e1ba3-4a79-4a51-9a2e-2d7a3c2d9a10") },
        { "DateTime", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) },
        { "DateTimeOffset", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)) },
        { "TimeSpan", TimeSpan.FromSeconds(3) },
        { "Uri", new Uri("http://host:1/path") },
        { "enum", DayOfWeek.Friday },
        { "IPAddress", IPAddress.Parse("10.1.2.3") },
        { "IPEndPoint", new IPEndPoint(IPAddress.Loopback, 80) },
        { "int[]", new[] { 1, 2, 3 } },
        { "string[]", new[] { "a", "b" } },
        { "byte[]", new byte[] { 1, 2, 255 } },
        { "List", new List<string> { "a", "b" } },
        { "Dictionary", new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 } },
        { "HashSet", new HashSet<int> { 1, 2 } },
        { "Queue", new Queue<int>([1, 2, 3]) },
        { "Stack", new Stack<int>([1, 2, 3]) },
        { "SortedDictionary", new SortedDictionary<string, int> { ["a"] = 1 } },
        { "ImmutableArray", ImmutableArray.Create(1, 2, 3) },
        { "ImmutableList", ImmutableList.Create("a", "b") },
        { "ImmutableDictionary", ImmutableDictionary<string, int>.Empty.Add("a", 1) },
        { "ImmutableHashSet", ImmutableHashSet.Create(1, 2) },
        { "FrozenDictionary", new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary() },
        { "FrozenSet", new HashSet<int> { 1, 2 }.ToFrozenSet() },
        { "Tuple", Tuple.Create(1, "a") },
        { "ValueTuple", (1, "a", 2.5) },
        { "KeyValuePair", KeyValuePair.Create("a", 1) },
        { "record", new Point(1, 2) },
        { "list of records", new List<Point> { new(1, 2), new(3, 4) } },
        { "array of lists", new[] { new List<int> { 1 }, new List<int> { 2, 3 } } },
    };

    private IValueGrain NewGrain() => fixture.Grains.GetGrain<IValueGrain>(Key.New());

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task Echo_KnownType_ComesBackEqual(string kind, object value)
    {
        Assert.NotEmpty(kind);

        var through = await NewGrain().Echo(value).Within();
        var within = await fixture.SiloGrains.GetGrain<IValueGrain>(Key.New()).Echo(value).Within();

        Assert.Equal(value, through);
        Assert.Equal(value, within);
        Assert.Equal(value.GetType(), within!.GetType());
    }

    [Fact]
    public async Task Echo_Null_ComesBack() => Assert.Null(await NewGrain().Echo(null).Within());

    [Fact]
    public async Task Echo_DerivedClass_KeepsItsTypeAndTheBasesMembers()
    {
        var back = await NewGrain().Echo(new Circle { Name = "c", Radius = 2 }).Within();

        var circle = Assert.IsType<Circle>(back);
        Assert.Equal(("c", 2), (circle.Name, circle.Radius));
    }

    [Fact]
    public async Task Echo_Struct_IsCopiedDeeply()
    {
        var sent = new Pair(1, [2, 3]);

        var back = (Pair)(await fixture.SiloGrains.GetGrain<IValueGrain>(Key.New()).Echo(sent).Within())!;

        Assert.Equal(1, back.Left);
        Assert.Equal([2, 3], back.Right);
        Assert.NotSame(sent.Right, back.Right);
    }

    [Fact]
    public async Task Echo_DictionaryWithComparer_KeepsTheComparer()
    {
        var sent = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 };

        var back = (Dictionary<string, int>)(await NewGrain().Echo(sent).Within())!;

        Assert.Equal(1, back["A"]);
    }

    [Fact]
    public async Task Call_ObjectThatRefersToItself_Arrives()
    {
        var grain = NewGrain();
        var sent = new Mutable { Number = 5 };
        sent.Self = sent;

        await grain.Keep(sent).Within();
        var kept = await grain.Kept().Within();

        Assert.Same(kept, kept.Self);
        Assert.Equal(5, kept.Number);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_TypeWithoutSerializer_ThrowsCodecNotFound(bool fromWithinTheSilo)
    {
        var grains = fromWithinTheSilo ? fixture.SiloGrains : fixture.Grains;

        await Assert.ThrowsAsync<CodecNotFoundException>(
            () => grains.GetGrain<IValueGrain>(Key.New()).Echo(new WithoutSerializer()).Within());
    }

    [Fact]
    public async Task Call_CalleeChangesItsArgument_CallerDoesNotSeeIt() =>
        Assert.Equal(1, await NewGrain().SendToOneThatChangesIt(Key.New()).Within());

    [Fact]
    public async Task Call_CallerChangesItsArgumentAfterwards_CalleeDoesNotSeeIt()
    {
        var grain = fixture.SiloGrains.GetGrain<IValueGrain>(Key.New());
        var sent = new Mutable { Number = 1, Words = ["a"] };

        var call = grain.Keep(sent);
        sent.Number = 2;
        sent.Words.Add("b");
        await call.Within();

        var kept = await grain.Kept().Within();
        Assert.Equal(1, kept.Number);
        Assert.Equal(["a"], kept.Words);
    }

    [Fact]
    public async Task Result_CallerChangesIt_CalleeDoesNotSeeIt()
    {
        var grain = fixture.SiloGrains.GetGrain<IValueGrain>(Key.New());
        await grain.Keep(new Mutable { Number = 1 }).Within();

        var first = await grain.Kept().Within();
        first.Number = 99;

        Assert.Equal(1, (await grain.Kept().Within()).Number);
    }

    [Fact]
    public async Task Argument_OfImmutableTypeWithinASilo_IsShared() => Assert.True(await NewGrain().SharesImmutableType(Key.New()).Within());

    [Fact]
    public async Task Argument_OfImmutableParameterWithinASilo_IsShared() =>
        Assert.True(await NewGrain().SharesImmutableParameter(Key.New()).Within());

    [Fact]
    public async Task Argument_WrappedAsImmutableWithinASilo_IsShared() =>
        Assert.True(await NewGrain().SharesImmutableWrapper(Key.New()).Within());

    [Fact]
    public async Task Argument_MutableWithinASilo_IsCopied() => Assert.False(await NewGrain().SharesMutable(Key.New()).Within());
}
