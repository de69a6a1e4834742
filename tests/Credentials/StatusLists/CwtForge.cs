using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.StatusLists;

namespace Credentials.Tests.StatusLists;

/// <summary>Signed lists in CWT form that our issuer never would make, rightly signed all the same, so that exactly one thing is wrong.</summary>
internal sealed record CwtForge(Agency Agency, string Uri, DateTimeOffset Now)
{
    /// <summary>The protected header beside the algorithm, by label; a value is CBOR in hex.</summary>
    public IReadOnlyDictionary<long, string> Header { get; init; } = new SortedDictionary<long, string>
    {
        [CoseNames.Type] = Hex(writer => writer.WriteTextString(StatusListNames.CwtMediaType)),
        [CoseNames.X5Chain] = Hex(writer => writer.WriteByteString(Agency.Certificate.RawData)),
    };

    /// <summary>The unprotected header, as CBOR in hex.</summary>
    public string Unprotected { get; init; } = "a0";

    /// <summary>The claims by key; a value is CBOR in hex.</summary>
    public IReadOnlyDictionary<long, string> Claims { get; init; } = new SortedDictionary<long, string>
    {
        [CwtNames.Subject] = Hex(writer => writer.WriteTextString(Uri)),
        [CwtNames.ExpiresAt] = Hex(writer => writer.WriteInt64(NumericDate.From(Now.AddDays(1)))),
        [CwtNames.IssuedAt] = Hex(writer => writer.WriteInt64(NumericDate.From(Now))),
        [65533] = Hex(writer => Agency.List().WriteTo(writer)),
        [65534] = Hex(writer => writer.WriteInt64(600)),
    };

    /// <summary>The payload where it is no map of <see cref="Claims"/>.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>What stands before the array: tag 18.</summary>
    public string Tag { get; init; } = "d2";

    public ISigningKey? Signer { get; init; }

    public CwtForge WithClaim(long claim, string? hex) => this with { Claims = With(Claims, claim, hex) };

    public CwtForge WithHeader(long label, string? hex) => this with { Header = With(Header, label, hex) };

    public async Task<byte[]> MakeAsync()
    {
        var headers = Header.Select(header => new CoseHeader(header.Key, Convert.FromHexString(header.Value))).ToList();
        var payload = Payload ?? CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(Claims.Count);
            foreach (var (claim, value) in Claims)
            {
                writer.WriteInt64(claim);
                writer.WriteEncodedValue(Convert.FromHexString(value));
            }

            writer.WriteEndMap();
        });
        var message = CborValue.Decode(await CoseSign1.SignAsync(payload, Signer ?? Agency.Key, headers, ct: TestContext.Current.CancellationToken), limits: new CborLimits(MaxBytes: int.MaxValue));
        var parts = message.GetArray(4);
        return
        [
            .. Convert.FromHexString(Tag),
            .. CborWriting.Encode(writer =>
            {
                writer.WriteStartArray(4);
                writer.WriteEncoded(parts[0].Encoded);
                writer.WriteEncodedValue(Convert.FromHexString(Unprotected));
                writer.WriteEncoded(parts[2].Encoded);
                writer.WriteEncoded(parts[3].Encoded);
                writer.WriteEndArray();
            }),
        ];
    }

    public static string Hex(Action<CborWriter> write) => Convert.ToHexStringLower(CborWriting.Encode(write));

    public static string Text(string text) => Hex(writer => writer.WriteTextString(text));

    private static SortedDictionary<long, string> With(IReadOnlyDictionary<long, string> map, long key, string? value)
    {
        var changed = new SortedDictionary<long, string>(map.ToDictionary());
        changed.Remove(key);
        if (value is not null) changed[key] = value;
        return changed;
    }
}
