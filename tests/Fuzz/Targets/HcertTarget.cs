using System.Formats.Cbor;
using System.IO.Compression;
using System.Text;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.QrDocuments;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>Printed documents, HCERT and our own. Second parsers: the platform's inflater and CBOR reader. Nobody is trusted, so nothing is accepted.</summary>
internal sealed class HcertTarget : FuzzTarget
{
    private static readonly QrDocumentExpectations s_expected = new()
    {
        Trust = TrustStore.Empty,
        Now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero),
        Status = new StatusPolicy(StatusMode.Skip),
        IsHolderBindingRequired = false,
    };

    private int _verified;

    public override string Name => "hcert";

    public override InputShape Shape => InputShape.Printed;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) => vectors.Texts("text", "qr-document.verify");

    protected override object Read(byte[] input) => QrDocument.Parse(Encoding.UTF8.GetString(input));

    protected override void Check(byte[] input, object value)
    {
        var document = (QrDocument)value;
        var text = Encoding.UTF8.GetString(input);
        var message = QrDocumentText.Decode(text);
        Require(QrDocumentText.Decode(QrDocumentText.Encode(text[..4], message)).AsSpan().SequenceEqual(message), "A text is not what it was after it was written.");
        Require(StrictBase45.TryDecode(text.AsSpan(4), out var packed), "The text is not Base45.");
        using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        var inflated = new MemoryStream();
        zlib.CopyTo(inflated);
        Require(inflated.ToArray().AsSpan().SequenceEqual(message), "The platform inflates another message.");
        new CborReader(message).SkipValue();
        Require(document.Type.Length > 0, "A document has no type.");
        if (_verified++ % 8 == 0) Require(!QrDocumentVerifier.VerifyAsync(text, s_expected).GetAwaiter().GetResult().IsAccepted, "A document of nobody is accepted.");
    }
}
