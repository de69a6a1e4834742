using System.Collections.Frozen;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>What DCQL leaves to each credential format (OpenID4VP 1.0 Appendix B): a new format is one more entry.</summary>
/// <param name="Types">Reads the types that <c>meta</c> allows, of each alternative all; refuses a malformed one.</param>
/// <param name="CheckPath">Refuses a claims path that cannot point into this format.</param>
internal sealed record DcqlFormat(Func<JsonElement, IReadOnlyList<IReadOnlyList<string>>> Types, Action<ClaimPath> CheckPath)
{
    private static readonly FrozenDictionary<string, DcqlFormat> s_known = new Dictionary<string, DcqlFormat>
    {
        [CredentialFormat.SdJwtVc] = new(VctValues, _ => { }),
        [CredentialFormat.Mdoc] = new(DoctypeValue, NamespaceAndElement),
        [CredentialFormat.JwtVcJson] = new(TypeValues, _ => { }),
        [CredentialFormat.LdpVc] = new(TypeValues, _ => { }),
        [CredentialFormat.VcJwt] = new(TypeValues, _ => { }),
        [CredentialFormat.VcDataIntegrity] = new(TypeValues, _ => { }),
        // Printed documents, which policies ask for in the words of DCQL; no wallet has them.
        [CredentialFormat.Hcert] = new(VctValues, _ => { }),
        [CredentialFormat.QrCwt] = new(VctValues, _ => { }),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static DcqlFormat? Find(string format) => s_known.GetValueOrDefault(format);

    // B.3.5
    private static IReadOnlyList<IReadOnlyList<string>> VctValues(JsonElement meta) =>
        DcqlReader.List(meta, DcqlNames.VctValues, DcqlLimits.Values, value => (IReadOnlyList<string>)[DcqlReader.Text(value)])
            ?? throw DcqlReader.Malformed("meta has no vct_values");

    // B.2.3
    private static IReadOnlyList<IReadOnlyList<string>> DoctypeValue(JsonElement meta) =>
        [[meta.RequireString(DcqlNames.DoctypeValue, DcqlCodes.Malformed)]];

    // B.1.1
    private static IReadOnlyList<IReadOnlyList<string>> TypeValues(JsonElement meta) =>
        DcqlReader.List(meta, DcqlNames.TypeValues, DcqlLimits.Values, set => DcqlReader.Elements(set, DcqlNames.TypeValues, DcqlLimits.Values, DcqlReader.Text))
            ?? throw DcqlReader.Malformed("meta has no type_values");

    // §7.2
    private static void NamespaceAndElement(ClaimPath path)
    {
        if (path.Segments.Count != 2 || path.Segments.Any(segment => segment.Name is null))
            throw DcqlReader.Malformed("a path into an mdoc is a namespace and an element identifier");
    }
}
