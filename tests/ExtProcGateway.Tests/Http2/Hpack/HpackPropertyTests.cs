using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2.Hpack;

public sealed class HpackPropertyTests
{
    [Fact]
    public void Decode_RandomBytes_NeverThrows() =>
        Prop.ForAll<byte[][]>(blocks =>
        {
            var decoder = new HpackDecoder(4096, 1024);
            foreach (var block in blocks)
            {
                if (decoder.Decode(block, new Block.Collector()) == HpackResult.Malformed)
                {
                    break;
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>Blocks as an encoder makes them that uses all representations; a list of pairs is the table's model.</summary>
    [Fact]
    public void Decode_WhatAnEncoderMakes_GivesTheFields() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var capacity = random.Next(64, 600);
            var decoder = new HpackDecoder(capacity, 1 << 20);
            var encoder = new ModelEncoder(random, capacity);
            for (var i = 0; i < 40; i++)
            {
                var (block, fields) = encoder.Next();
                var sink = new Block.Collector();
                Assert.Equal(HpackResult.Ok, decoder.Decode(block, sink));
                Assert.Equal(fields, sink.Fields);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private sealed class ModelEncoder(Random random, int capacity)
    {
        private readonly int _capacity = capacity;
        private readonly List<(string Name, string Value)> _table = [];
        private int _maxSize = capacity;

        public (byte[] Block, List<(string Name, string Value)> Fields) Next()
        {
            var block = new List<byte>();
            var fields = new List<(string Name, string Value)>();
            if (random.Next(10) == 0)
            {
                _maxSize = random.Next(_capacity + 1);
                block.AddRange(Integer(0x20, 5, _maxSize));
                Evict();
            }

            for (var count = random.Next(1, 8); count > 0; count--)
            {
                fields.Add(Field(block));
            }

            return ([.. block], fields);
        }

        private (string Name, string Value) Field(List<byte> block)
        {
            if (_table.Count > 0 && random.Next(3) == 0)
            {
                var index = random.Next(_table.Count);
                block.AddRange(Integer(0x80, 7, 62 + index));
                return _table[index];
            }

            var adds = random.Next(2) == 0;
            var (pattern, bits) = adds ? ((byte)0x40, 6) : random.Next(2) == 0 ? ((byte)0x00, 4) : ((byte)0x10, 4);
            string name;
            if (_table.Count > 0 && random.Next(2) == 0)
            {
                var index = random.Next(_table.Count);
                name = _table[index].Name;
                block.AddRange(Integer(pattern, bits, 62 + index));
            }
            else
            {
                name = Text(30);
                block.Add(pattern);
                block.AddRange(String(name));
            }

            var value = Text(120);
            block.AddRange(String(value));
            if (adds)
            {
                _table.Insert(0, (name, value));
                Evict();
            }

            return (name, value);
        }

        private void Evict()
        {
            while (_table.Sum(entry => entry.Name.Length + entry.Value.Length + 32) > _maxSize)
            {
                _table.RemoveAt(_table.Count - 1);
            }
        }

        private string Text(int limit) => new([.. Enumerable.Range(0, random.Next(limit)).Select(_ => (char)random.Next(256))]);

        private byte[] String(string text)
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            if (random.Next(2) == 0)
            {
                return [.. Integer(0x00, 7, bytes.Length), .. bytes];
            }

            var coded = HuffmanModel.Encode(bytes);
            return [.. Integer(0x80, 7, coded.Length), .. coded];
        }

        private static byte[] Integer(byte pattern, int bits, int value)
        {
            var bytes = new byte[6];
            return bytes[..HpackInteger.Write(bytes, pattern, bits, value)];
        }
    }
}
