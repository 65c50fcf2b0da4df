using System.Text;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Tests.Yaml;

public sealed class YamlTreeTests
{
    [Fact]
    public void Read_Merge_HasTheFieldsThatAreNotItsOwn() =>
        Assert.Equal(
            "b: 3, a: 1",
            Fields("base: &base {a: 1, b: 2}\nit: {<<: *base, b: 3}\n"));

    [Fact]
    public void Read_MergeOfSeveral_TakesEachFieldFromTheFirstThatHasIt() =>
        Assert.Equal("c: 5, a: 1, b: 4", Fields("one: &one {a: 1}\ntwo: &two {a: 3, b: 4}\nit: {<<: [*one, *two], c: 5}\n"));

    [Fact]
    public void Read_MergeOfAMappingInPlace_IsTaken() => Assert.Equal("b: 2, a: 1", Fields("it: {<<: {a: 1}, b: 2}\n"));

    [Fact]
    public void Read_MergeOfAMerge_HasAll() => Assert.Equal("c: 3, b: 2, a: 1", Fields("one: &one {a: 1}\ntwo: &two {<<: *one, b: 2}\nit: {<<: *two, c: 3}\n"));

    [Fact]
    public void Read_QuotedMergeSign_IsAField() => Assert.Equal("<<: 1", Fields("it: {'<<': 1}\n"));

    [Theory]
    [InlineData("it: {<<: 1}\n", "f.yaml:1:6: not valid YAML: << takes a mapping or a list of mappings")]
    [InlineData("one: &one {a: 1}\nit: {<<: [*one, 2]}\n", "f.yaml:2:6: not valid YAML: << takes a mapping or a list of mappings")]
    [InlineData("it: &it {a: 1, <<: *it}\n", "f.yaml:1:20: not valid YAML: no anchor it before this alias")]
    public void Read_FaultyMerge_IsToldWithItsPlace(string text, string fault) => Assert.Equal(fault, Fault(text));

    [Fact]
    public void Read_MergesThatAddUp_AreRefused()
    {
        var text = new StringBuilder("m0: &m0 {a0: 1}\n");
        for (var i = 1; i < 200; i++)
        {
            text.Append($"m{i}: &m{i} {{<<: *m{i - 1}, a{i}: 1}}\n");
        }

        // 1 + 2 + 3 + … exceeds 10,000 at the 141st.
        Assert.Equal("f.yaml:142:14: not valid YAML: << merges more than 10000 fields", Fault(text.ToString()));
    }

    [Fact]
    public void Read_ByteOrderMark_IsLeftOut()
    {
        var issues = new YamlIssues("f.yaml");

        var documents = YamlTree.Read("\uFEFFname: 1\n", issues);

        Assert.Empty(issues.All);
        Assert.Equal("name", Assert.Single(Assert.Single(documents!).Fields).Name.Text);
    }

    /// <summary>The fields of <c>it</c>.</summary>
    private static string Fields(string text)
    {
        var issues = new YamlIssues("f.yaml");
        var documents = YamlTree.Read(text, issues);
        Assert.Empty(issues.All);
        return string.Join(", ", documents![0].Find("it")!.Fields.Select(field => $"{field.Name.Text}: {field.Value.Text}"));
    }

    private static string Fault(string text)
    {
        var issues = new YamlIssues("f.yaml");
        Assert.Null(YamlTree.Read(text, issues));
        return Assert.Single(issues.All).ToString();
    }
}
