using Credentials.Fuzz.Tests.Mutation;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>A DeviceResponse: written again it has the same bytes, and the verifier answers it with a refusal, since nobody is trusted.</summary>
internal sealed class DeviceResponseTarget : FuzzTarget
{
    private static readonly MdocExpectations s_expected = new()
    {
        Trust = TrustStore.Empty,
        Now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero),
        DeviceAuth = DeviceAuthExpectation.Required(SessionTranscript.FromEncoded(Convert.FromHexString("83f6f66773657373696f6e"))),
        Status = new StatusPolicy(StatusMode.Skip),
    };

    private int _verified;

    public override string Name => "device-response";

    public override InputShape Shape => InputShape.Cbor;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) => [.. vectors.Bytes("mdoc_hex", "mdoc.verify"), .. vectors.Bytes("device_request_hex", "mdoc.request")];

    protected override object Read(byte[] input)
    {
        try
        {
            return DeviceResponse.Parse(input);
        }
        catch (CredentialException)
        {
            return DeviceRequest.Parse(input);
        }
    }

    protected override void Check(byte[] input, object value)
    {
        if (value is DeviceRequest request)
        {
            var asked = request.Encode();
            Require(DeviceRequest.Parse(asked).Encode().AsSpan().SequenceEqual(asked), "A request is another one when it is read again.");
            return;
        }

        var written = ((DeviceResponse)value).Encode();
        Require(DeviceResponse.Parse(written).Encode().AsSpan().SequenceEqual(written), "A response is another one when it is read again.");
        if (_verified++ % 16 == 0) Require(!MdocVerifier.VerifyAsync(input, s_expected).GetAwaiter().GetResult().IsAccepted, "A response of nobody is accepted.");
    }
}
