using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orleans.Inference.Picking.Yaml;

/// <summary>Reads YAML into nodes that know their place. Goes no deeper than <see cref="MaxDepth"/>, so no input can exhaust the stack.</summary>
internal static class YamlTree
{
    private const int MaxDepth = 64;

    /// <summary>Fields that merges (<c>&lt;&lt;</c>) of one document may take over: a mapping that merges one that merges another adds up, and no configuration needs a thousand.</summary>
    private const int MaxMergedFields = 10_000;

    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The documents of <paramref name="text"/>, empty ones left out; null where it is no YAML, which is an error among <paramref name="issues"/>.</summary>
    public static List<YamlNode>? Read(string text, YamlIssues issues)
    {
        // The scanner takes a NUL for the end and would leave out the rest in silence.
        if (text.IndexOf('\0', StringComparison.Ordinal) is var nul and >= 0)
        {
            var before = text.AsSpan(0, nul);
            issues.Error(before.Count('\n') + 1, nul - before.LastIndexOf('\n'), "not valid YAML: a NUL character");
            return null;
        }

        var documents = new List<YamlNode>();
        var parser = new Parser(new StringReader(text is [ByteOrderMark, .. var rest] ? rest : text));
        try
        {
            while (parser.MoveNext())
            {
                if (parser.Current is DocumentStart)
                {
                    parser.MoveNext();
                    var document = new Document(parser).ReadNode(0);
                    if (document.Kind != YamlNodeKind.Null)
                    {
                        documents.Add(document);
                    }
                }
            }

            return documents;
        }
        catch (YamlException exception)
        {
            issues.Error(exception.Start.Line, exception.Start.Column, $"not valid YAML: {exception.Message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // What YamlDotNet's scanner throws at some unclosed brackets.
            var place = parser.Current?.End ?? Mark.Empty;
            issues.Error(place.Line, place.Column, "not valid YAML after here");
            return null;
        }
    }

    /// <summary>One document, with its anchors.</summary>
    private sealed class Document(Parser parser)
    {
        private readonly Dictionary<AnchorName, YamlNode> _anchors = [];
        private int _merged;

        public YamlNode ReadNode(int depth)
        {
            var start = parser.Current!;
            if (depth > MaxDepth)
            {
                throw new YamlException(start.Start, start.End, $"nested more than {MaxDepth} deep");
            }

            switch (start)
            {
                case AnchorAlias alias:
                    return _anchors.TryGetValue(alias.Value, out var anchored) ? anchored : throw new YamlException(alias.Start, alias.End, $"no anchor {alias.Value} before this alias");
                case Scalar scalar:
                    return Anchored(scalar, ReadScalar(scalar));
                case MappingStart mapping:
                    return Anchored(mapping, ReadMapping(mapping, depth));
                case SequenceStart sequence:
                    return Anchored(sequence, ReadSequence(sequence, depth));
                default:
                    throw new YamlException(start.Start, start.End, "a value is missing");
            }
        }

        private static YamlNode ReadScalar(Scalar scalar)
        {
            if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
            {
                return TextOf(scalar);
            }

            var (kind, value) = PlainScalar.Read(scalar.Value);
            return new(kind, value, scalar.Start.Line, scalar.Start.Column, scalar.Value);
        }

        private static YamlNode TextOf(Scalar scalar) => new(YamlNodeKind.Text, scalar.Value, scalar.Start.Line, scalar.Start.Column);

        private YamlNode ReadMapping(MappingStart start, int depth)
        {
            var node = new YamlNode(YamlNodeKind.Mapping, "", start.Start.Line, start.Start.Column);
            var names = new HashSet<string>(StringComparer.Ordinal);
            var merges = new List<(Scalar At, YamlNode Source)>();
            while (Next() is not MappingEnd)
            {
                if (parser.Current is not Scalar scalar)
                {
                    throw new YamlException(parser.Current!.Start, parser.Current.End, "a field's name must be text");
                }

                if (scalar is { Value: "<<", Style: ScalarStyle.Plain })
                {
                    Next();
                    merges.Add((scalar, ReadNode(depth + 1)));
                    continue;
                }

                if (!names.Add(scalar.Value))
                {
                    throw new YamlException(scalar.Start, scalar.End, $"\"{scalar.Value}\" is given twice");
                }

                Next();
                node.Fields.Add((TextOf(scalar), ReadNode(depth + 1)));
            }

            foreach (var (at, source) in merges)
            {
                Merge(at, source, node, names);
            }

            return node;
        }

        /// <summary>Takes over the fields that a mapping does not have itself; of several mappings the first that has one counts.</summary>
        private void Merge(Scalar at, YamlNode source, YamlNode into, HashSet<string> names)
        {
            foreach (var mapping in source.Kind == YamlNodeKind.Sequence ? source.Items : [source])
            {
                if (mapping.Kind != YamlNodeKind.Mapping)
                {
                    throw new YamlException(at.Start, at.End, "<< takes a mapping or a list of mappings");
                }

                _merged += mapping.Fields.Count;
                if (_merged > MaxMergedFields)
                {
                    throw new YamlException(at.Start, at.End, $"<< merges more than {MaxMergedFields} fields");
                }

                into.Fields.AddRange(mapping.Fields.Where(field => names.Add(field.Name.Text)));
            }
        }

        private YamlNode ReadSequence(SequenceStart start, int depth)
        {
            var node = new YamlNode(YamlNodeKind.Sequence, "", start.Start.Line, start.Start.Column);
            while (Next() is not SequenceEnd)
            {
                node.Items.Add(ReadNode(depth + 1));
            }

            return node;
        }

        /// <summary>Registered when it is complete, so that no node can contain itself.</summary>
        private YamlNode Anchored(NodeEvent source, YamlNode node)
        {
            if (!source.Anchor.IsEmpty)
            {
                _anchors[source.Anchor] = node;
            }

            return node;
        }

        private ParsingEvent Next()
        {
            parser.MoveNext();
            return parser.Current!;
        }
    }
}
