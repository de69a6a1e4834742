using System.Collections.Frozen;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>What DCQL leaves to each credential format (OpenID4VP 1.0 Appendix B): a new format is one more entry.</summary>
/// <param name="Types">Reads the types that <c>meta</c> allows; refuses a malformed one.</param>
/// <param name="CheckPath">Refuses a claims path that cannot point into this format.</param>
internal sealed record DcqlFormat(Func<JsonElement, IReadOnlyList<string>> Types, Action<ClaimPath> CheckPath)
{
    private static readonly FrozenDictionary<string, DcqlFormat> s_known = new Dictionary<string, DcqlFormat>
    {
        [CredentialFormat.SdJwtVc] = new(VctValues, _ => { }),
        [CredentialFormat.Mdoc] = new(DoctypeValue, NamespaceAndElement),
        // Printed documents, which policies ask for in the words of DCQL; no wallet has them.
        [CredentialFormat.Hcert] = new(VctValues, _ => { }),
        [CredentialFormat.QrCwt] = new(VctValues, _ => { }),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static DcqlFormat? Find(string format) => s_known.GetValueOrDefault(format);

    // B.3.5
    private static IReadOnlyList<string> VctValues(JsonElement meta) =>
        DcqlReader.List(meta, DcqlNames.VctValues, DcqlLimits.Values, DcqlReader.Text)
            ?? throw DcqlReader.Malformed("meta has no vct_values");

    // B.2.3
    private static IReadOnlyList<string> DoctypeValue(JsonElement meta) =>
        [meta.RequireString(DcqlNames.DoctypeValue, DcqlCodes.Malformed)];

    // §7.2
    private static void NamespaceAndElement(ClaimPath path)
    {
        if (path.Segments.Count != 2 || path.Segments.Any(segment => segment.Name is null))
            throw DcqlReader.Malformed("a path into an mdoc is a namespace and an element identifier");
    }
}
