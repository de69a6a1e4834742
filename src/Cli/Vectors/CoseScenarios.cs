using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Jose;

namespace Credentials.Cli.Vectors;

/// <summary>COSE_Sign1 and COSE_Mac0, with the tag or without.</summary>
internal static class CoseScenarios
{
    internal static Task Sign1Async(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var message = CoseSign1.Parse(Untagged(scenario, CoseNames.Sign1Tag));
        Check(scenario, message.Verify(Jwk.ParsePublic(scenario.Input.RequireObjectMember("jwk"))), message.Payload);
    });

    internal static Task Mac0Async(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var message = CoseMac0.Parse(Untagged(scenario, CoseNames.Mac0Tag));
        Check(scenario, message.Verify(scenario.Input.RequireHex("key_hex")), message.Payload);
    });

    private static CborValue Untagged(Scenario scenario, ulong tag)
    {
        if (scenario.Input.OptionalString("external_aad_hex") is not null)
            throw new MismatchException("external data is not supported");
        var message = CborValue.Decode(scenario.Input.RequireHex("cose_hex"));
        return message.Kind == CborKind.Tag ? message.GetTagged(tag) : message;
    }

    private static void Check(Scenario scenario, bool isVerified, ReadOnlyMemory<byte>? payload)
    {
        if (!isVerified)
            throw new MalformedDataException(CliCodes.VectorSignature, "The signature or tag is not the key's.");
        Compare.SameBytes("payload", scenario.Expect.RequireHex("payload_hex"), (payload ?? default).Span);
    }
}
