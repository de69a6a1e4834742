using System.Text;
using System.Text.Json;
using Credentials.Tests.Shared;

namespace Credentials.Fuzz.Tests;

/// <summary>What the scenarios of <c>test-vectors/</c> give to the parsers.</summary>
internal sealed class Vectors
{
    // Long ones are few and slow; what is special about them is their length, which the tests of the limits look at.
    private const int MaxLength = 8 * 1024;

    private readonly List<(string Operation, JsonElement Input, JsonElement Trust)> _scenarios = [];

    public Vectors()
    {
        foreach (var folder in new[] { "published", "own" })
        {
            foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Combine("test-vectors", folder), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(file));
                var root = document.RootElement;
                if (root.TryGetProperty("operation", out var operation) && root.TryGetProperty("input", out var input))
                    _scenarios.Add((operation.GetString()!, input.Clone(), root.TryGetProperty("trust", out var trust) ? trust.Clone() : default));
            }
        }
    }

    /// <summary>A text member of every scenario with one of these operations.</summary>
    public IEnumerable<byte[]> Texts(string member, params string[] operations) => Cap(
        Members(member, operations).Select(value => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()).Select(Encoding.UTF8.GetBytes));

    /// <summary>A JSON member of every scenario with one of these operations, as text.</summary>
    public IEnumerable<byte[]> Json(string member, params string[] operations) => Cap(Members(member, operations).Select(value => Encoding.UTF8.GetBytes(value.GetRawText())));

    /// <summary>A hexadecimal member of every scenario with one of these operations, as bytes.</summary>
    public IEnumerable<byte[]> Bytes(string member, params string[] operations) => Cap(Members(member, operations).Select(value => Convert.FromHexString(value.GetString()!)));

    /// <summary>The certificates that the scenarios trust, and those of the chains.</summary>
    public IEnumerable<byte[]> Certificates() => Cap(
        _scenarios.Where(scenario => scenario.Trust.ValueKind == JsonValueKind.Object && scenario.Trust.TryGetProperty("certificates", out _))
            .SelectMany(scenario => scenario.Trust.GetProperty("certificates").EnumerateArray())
            .Select(pem => X509.CertificateReader.FromPem(pem.GetString()!)[0].RawData)
            .Concat(_scenarios.Where(scenario => scenario.Operation == "x509.chain")
                .SelectMany(scenario => scenario.Input.GetProperty("chain_hex").EnumerateArray()).Select(hex => Convert.FromHexString(hex.GetString()!))));

    private IEnumerable<JsonElement> Members(string member, string[] operations) =>
        from scenario in _scenarios
        where operations.Contains(scenario.Operation) && scenario.Input.ValueKind == JsonValueKind.Object && scenario.Input.TryGetProperty(member, out _)
        select scenario.Input.GetProperty(member);

    private static IEnumerable<byte[]> Cap(IEnumerable<byte[]> inputs) => inputs.Where(input => input.Length is > 0 and <= MaxLength).DistinctBy(Convert.ToHexString);
}
