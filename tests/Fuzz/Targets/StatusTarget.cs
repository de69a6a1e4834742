using System.IO.Compression;
using System.Text;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.StatusLists;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>A status list or identifier list token, as JWT or CWT. Second inflater: the platform's.</summary>
internal sealed class StatusTarget : FuzzTarget
{
    public override string Name => "status";

    public override InputShape Shape => InputShape.Compact;

    // An inflated list is what it is, however small its token: StatusList.MaxBytes, and its buffer is doubled on the way.
    public override long MemoryBase => 3 * StatusList.MaxBytes;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
    [
        .. vectors.Texts("token", "status-list.token"), .. vectors.Bytes("token_hex", "status-list.token", "identifier-list.token"),
        .. vectors.Json("status_list", "status-list.read"), .. vectors.Bytes("status_list_hex", "status-list.read"),
    ];

    protected override object Read(byte[] input)
    {
        if (input.Length > 0 && input[0] == 'e') return StatusListToken.Parse(Encoding.Latin1.GetString(input));
        if (input.Length > 0 && input[0] == '{') return StatusList.Parse(StrictJson.Parse(input));
        if (input.Length > 0 && input[0] >> 5 == 5) return StatusList.Parse(CborValue.Decode(input));
        try
        {
            return StatusListToken.Parse(input);
        }
        catch (CredentialException)
        {
            return IdentifierListToken.Parse(input);
        }
    }

    protected override void Check(byte[] input, object value)
    {
        var list = value as StatusList ?? (value as StatusListToken)?.UnverifiedList;
        if (list is null) return;
        Require(list.Bits is 1 or 2 or 4 or 8 && list.Size == list.Bytes.Length * (8 / list.Bits), "The size of a list is not that of its bytes.");
        if (list.Size == 0) return;
        var last = list.Size - 1;
        Require(list[0] == (list.Bytes[0] & list.MaxValue) && list[last] == list.Bytes[^1] >> (8 - list.Bits), "A status is not in its bits.");
        if (input[0] != '{' || list.Bytes.Length > 4096) return;
        using var zlib = new ZLibStream(new MemoryStream(StrictBase64Url.Decode(StrictJson.Parse(input).GetProperty("lst").GetString()!)), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        zlib.CopyTo(bytes);
        Require(list.Bytes.SequenceEqual(bytes.ToArray()), "The platform inflates other bytes.");
        Require(StatusList.Parse(StrictJson.ToElement(list.ToJson())).Bytes.SequenceEqual(list.Bytes), "A list is not what it was after it was written.");
    }
}
