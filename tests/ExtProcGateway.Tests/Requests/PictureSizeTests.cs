using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

public sealed class PictureSizeTests
{
    /// <summary>A whole file of one pixel, as it is passed around to have something small.</summary>
    private const string OnePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static (int Width, int Height)? Read(string text, bool isUrl = true, bool isEscaped = false, int piece = int.MaxValue)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var pieces = Bodies.Split(bytes, [.. Enumerable.Range(1, (bytes.Length - 1) / piece).Select(i => i * piece)]);
        var data = new Base64Text(new JsonValue((byte)'"', pieces, isEscaped), isUrl, new byte[JsonText.UsualBuffer]);
        return PictureSize.TryRead(data, out var width, out var height) ? (width, height) : null;
    }

    public static TheoryData<string, byte[]> Kinds => new()
    {
        { "png", Pictures.Png(1280, 720) },
        { "gif", Pictures.Gif(1280, 720) },
        { "jpeg", Pictures.Jpeg(1280, 720) },
        { "progressive jpeg", Pictures.Jpeg(1280, 720, frame: 0xc2) },
        { "jpeg with a preview and a profile", Pictures.Jpeg(1280, 720, frame: 0xc0, 60_000, 0, 1, 2, 65_533, 65_533) },
        { "webp with losses", Pictures.WebPLossy(1280, 720) },
        { "webp without losses", Pictures.WebPLossless(1280, 720) },
        { "webp with a header", Pictures.WebPExtended(1280, 720) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryRead_EachKind_TellsItsSize(string kind, byte[] picture)
    {
        var data = Convert.ToBase64String([.. picture, .. new byte[30]]);
        foreach (var piece in (int[])[int.MaxValue, 997, 7, 1])
        {
            Assert.Equal((kind, (1280, 720)), (kind, Read("data:image/x;base64," + data, piece: piece)));
            Assert.Equal((kind, (1280, 720)), (kind, Read(data, isUrl: false, piece: piece)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryRead_CutAnywhere_TellsItsSizeOrNone(string kind, byte[] picture)
    {
        for (var length = 0; length < Math.Min(picture.Length, 200); length++)
        {
            var read = Read(Pictures.DataUrl(picture[..length]));
            Assert.True(read is null or (1280, 720), kind);
        }
    }

    [Fact]
    public void TryRead_RealFile_TellsItsSize() => Assert.Equal((1, 1), Read("data:image/png;base64," + OnePixel));

    [Fact]
    public void TryRead_FillBytesInAJpeg_ArePassed()
    {
        var plain = Pictures.Jpeg(1280, 720);

        Assert.Equal((1280, 720), Read(Pictures.DataUrl([0xff, 0xd8, 0xff, 0xff, .. plain[2..], .. new byte[30]])));
    }

    [Theory]
    [InlineData("data:image/png;charset=utf-8;base64,", true)]
    [InlineData("data:image/png,", false)]
    [InlineData("data:text/plain;base64,", false)]
    [InlineData("https://x/data:image/png;base64,", false)]
    [InlineData("", false)]
    public void TryRead_Urls_OnlyOfPicturesInBase64(string prefix, bool isRead) => Assert.Equal(isRead, Read(prefix + OnePixel) is not null);

    [Fact]
    public void TryRead_LongPrefix_IsNotLookedThrough()
    {
        Assert.NotNull(Read($"data:image/png;{new string('a', 200)};base64,{OnePixel}"));
        Assert.Null(Read($"data:image/png;{new string('a', 300)};base64,{OnePixel}"));
    }

    /// <summary>Behind escapes no place can be told, so only what fits the buffer is known: 2,048 characters.</summary>
    [Fact]
    public void TryRead_Escapes_AreResolvedAtTheBeginning()
    {
        static string Escaped(byte[] picture) => Pictures.DataUrl([.. picture, .. new byte[3000]]).Replace("/", "\\/", StringComparison.Ordinal);

        Assert.Contains("\\/9j", Escaped(Pictures.Jpeg(1280, 720)), StringComparison.Ordinal);
        Assert.Equal((1280, 720), Read(Escaped(Pictures.Jpeg(1280, 720)), isEscaped: true));
        Assert.Equal((1280, 720), Read(Escaped(Pictures.Jpeg(1280, 720, frame: 0xc0, 1000)), isEscaped: true, piece: 5));
        Assert.Null(Read(Escaped(Pictures.Jpeg(1280, 720, frame: 0xc0, 2000)), isEscaped: true));
        Assert.Equal((1280, 720), Read(Escaped(Pictures.Png(1280, 720)), isEscaped: true));
    }

    [Fact]
    public void TryRead_NoPictureOrABrokenOne_IsNone()
    {
        byte[] tail = new byte[60];
        var jpeg = Pictures.Jpeg(1280, 720);
        var broken = new Dictionary<string, byte[]>
        {
            ["no picture"] = [.. "%PDF-1.7 and more of it"u8, .. tail],
            ["no width"] = [.. Pictures.Png(0, 720), .. tail],
            ["too wide"] = [.. Pictures.Png(-1, 720), .. tail],
            ["another first chunk"] = [.. Pictures.Png(1280, 720)[..12], .. "CgBI"u8, .. Pictures.Png(1280, 720)[16..], .. tail],
            ["pixels before the frame"] = [.. jpeg[..2], 0xff, 0xda, 0, 12, .. new byte[10], .. jpeg[2..], .. tail],
            ["height told later"] = [.. Pictures.Jpeg(1280, 0), .. tail],
            ["no segment"] = [.. jpeg[..20], 0, 0, .. jpeg[20..], .. tail],
            ["too many segments"] = [.. Pictures.Jpeg(1280, 720, frame: 0xc0, new int[PictureSize.MostSegments]), .. tail],
            ["no webp"] = [.. "RIFF"u8, 1, 2, 3, 4, .. "WAVEfmt "u8, .. tail],
            ["webp of an unknown kind"] = [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP9 "u8, .. tail],
            ["webp without its start code"] = [.. Pictures.WebPLossy(1280, 720)[..23], 0, 0, 0, .. Pictures.WebPLossy(1280, 720)[26..], .. tail],
        };

        Assert.All(broken, picture => Assert.Null(Read(Pictures.DataUrl(picture.Value))));
        Assert.Null(Read("data:image/png;base64,****************************************"));
    }
}
