using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Tests.X509.Limbo;

/// <summary>
/// One case of x509-limbo (github.com/C2SP/x509-limbo, Apache-2.0), told as facts: which certificate has which names, keys and extensions,
/// who signed it, and what the suite expects. The certificates themselves are made by <see cref="LimboChain"/> with fresh keys.
/// </summary>
internal sealed record LimboCase(
    string Id, bool ShouldAccept, DateTimeOffset At, string? Host, string? Address, string Ours, string? Why,
    IReadOnlyList<LimboCertificate> Anchors, IReadOnlyList<LimboCertificate> Intermediates, LimboCertificate Leaf)
{
    private static readonly DateTimeOffset s_usualTime = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<LimboCase> All { get; } =
        [.. File.ReadLines(RepositoryRoot.Combine("tests/Credentials/X509/Limbo/cases.jsonl")).Select(line => Read(StrictJson.Parse(line)))];

    private static LimboCase Read(JsonElement json) => new(
        json.GetProperty("id").GetString()!,
        json.GetProperty("limbo").GetString() == "accept",
        Text(json, "at") is { } at ? DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture) : s_usualTime,
        Text(json, "host"),
        Text(json, "address"),
        json.GetProperty("ours").GetString()!,
        Text(json, "why"),
        Certificates(json, "anchors"),
        Certificates(json, "intermediates"),
        Certificate(json.GetProperty("leaf")));

    private static List<LimboCertificate> Certificates(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(Certificate)] : [];

    private static LimboCertificate Certificate(JsonElement json)
    {
        var subject = json.GetProperty("subject").GetString()!;
        var key = json.GetProperty("key").GetString()!.Split(':');
        return new LimboCertificate(
            subject, Text(json, "issuer") ?? subject, key[0], key.ElementAtOrDefault(1) ?? "secp256r1", Text(json, "signer") ?? key[0],
            (Text(json, "validity") ?? "700101000001Z 29690503000001Z").Split(' '), json.TryGetProperty("version", out _), Text(json, "serial"),
            [.. json.GetProperty("extensions").EnumerateArray().Select(e => e.GetString()!)]);
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>What one certificate of a case is like.</summary>
/// <param name="Subject">Relative names, set apart by semicolons.</param>
/// <param name="Issuer">Likewise.</param>
/// <param name="Key">The name of its key; equal names are one key.</param>
/// <param name="KeyKind">The kind of that key.</param>
/// <param name="Signer">The name of the key that signs it; a name that no certificate has stands for a key that is absent.</param>
/// <param name="Validity">From and to, as they stand in the certificate.</param>
/// <param name="IsVersion1">True for a certificate without version and extensions.</param>
/// <param name="Serial">The serial number's bytes in hex, where they matter.</param>
/// <param name="Extensions">Name, <c>critical</c> or nothing, and the value: hex, <c>ski</c> for the key's own identifier, <c>aki:</c> with a key's name.</param>
internal sealed record LimboCertificate(
    string Subject, string Issuer, string Key, string KeyKind, string Signer, IReadOnlyList<string> Validity, bool IsVersion1, string? Serial,
    IReadOnlyList<string> Extensions);
