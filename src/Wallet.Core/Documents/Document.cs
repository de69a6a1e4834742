using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.StatusLists;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Documents;

/// <summary>What the holder calls "my licence": one set of claims from one issuer, of which the wallet has one or more copies.</summary>
public sealed record Document
{
    /// <summary>The id of the document inside the wallet: 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The format's wire name, see <see cref="CredentialFormat"/>.</summary>
    public required string Format { get; init; }

    /// <summary>The type: the <c>vct</c> of an SD-JWT VC, the document type of an mdoc.</summary>
    public required string Type { get; init; }

    /// <summary>The format that queries ask for it in; null for a document that an earlier version stored.</summary>
    internal string? MatchedFormat { get; init; }

    /// <summary>The types that queries ask for it by, which may be more than <see cref="Type"/>.</summary>
    internal IReadOnlyList<string> MatchedTypes { get; init; } = [];

    /// <summary>The Credential Issuer Identifier, the URL the document was received from.</summary>
    public required string CredentialIssuer { get; init; }

    /// <summary>Its credential configuration id in the issuer's metadata; null for a document that an earlier version stored.</summary>
    public string? ConfigurationId { get; init; }

    /// <summary>What the issuer calls itself.</summary>
    public required DisplayNames IssuerNames { get; init; }

    /// <summary>What the issuer calls the document.</summary>
    public required DisplayNames Names { get; init; }

    /// <summary>When the wallet stored it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The copies, the least used first.</summary>
    public required IReadOnlyList<StoredCredential> Credentials { get; init; }

    /// <summary>When the last copy runs out; null when one of them does not.</summary>
    public DateTimeOffset? ExpiresAt =>
        Credentials.Any(credential => credential.ExpiresAt is null) ? null : Credentials.Max(credential => credential.ExpiresAt);

    /// <summary>Copies that no verifier has seen yet. When there is none, the next presentation can be linked to an earlier one.</summary>
    public int UnusedCopies => Credentials.Count(credential => credential.TimesPresented == 0);

    /// <summary>
    /// What its issuer's status lists last said of its copies: revoked when all are, suspended when all others are, valid when one is; else unknown.
    /// </summary>
    public StatusOutcome Status
    {
        get
        {
            var others = Credentials.Select(copy => copy.Status).Where(status => status != StatusOutcome.Revoked).ToList();
            return others.Count == 0 ? StatusOutcome.Revoked
                : others.Contains(StatusOutcome.Valid) ? StatusOutcome.Valid
                : others.Contains(StatusOutcome.Unknown) ? StatusOutcome.Unknown
                : StatusOutcome.Suspended;
        }
    }

    /// <summary>How often each copy may be shown, and when fresh ones are due.</summary>
    public ReusePolicy Reuse { get; init; } = ReusePolicy.Once;

    /// <summary>How the issuer names the claims, in the order in which to show them.</summary>
    public required IReadOnlyList<ClaimLabel> Labels { get; init; }

    /// <summary>The colours that the issuer wants it in.</summary>
    public CardColors Colors { get; init; } = CardColors.None;

    /// <summary>The logo that the issuer gave for the document; null where it gave none that could be had.</summary>
    public Logo? Logo { get; init; }

    /// <summary>The logo that the issuer shows itself by; null likewise.</summary>
    public Logo? IssuerLogo { get; init; }

    /// <summary>The picture that the issuer wants behind the card, without a text of its own; null likewise, and where a template draws the card.</summary>
    public Logo? Background { get; init; }

    /// <summary>All pictures that the document came with, beside its card.</summary>
    internal IEnumerable<Logo> Pictures => new[] { Logo, IssuerLogo, Background }.OfType<Logo>();

    /// <summary>From when it runs out soon; never in the first half of the time that it is valid for, or fresh copies would be due as soon as they have come. Null: it does not run out.</summary>
    internal DateTimeOffset? ExpiringFrom => ExpiresAt is { } end
        ? end - TimeSpan.FromTicks(Math.Min(Reuse.RenewBefore.Ticks, (end - ReceivedAt).Ticks / 2))
        : null;

    /// <summary>The copy that stands for the document next: of those that are valid, may be shown and fit, the least used one; null when there is none.</summary>
    internal StoredCredential? NextCopy(DateTimeOffset now, Func<StoredCredential, bool> fits) =>
        Credentials.FirstOrDefault(copy => copy.IsUsableAt(now) && copy.Status != StatusOutcome.Revoked && Reuse.Allows(copy) && fits(copy));

    internal JsonObject ToStored()
    {
        var stored = new JsonObject
        {
            ["format"] = Format,
            ["type"] = Type,
            ["issuer"] = CredentialIssuer,
            ["issuer_names"] = IssuerNames.ToStored(),
            ["names"] = Names.ToStored(),
            ["received_at"] = ReceivedAt.ToUnixTimeMilliseconds(),
            ["claims"] = new JsonArray([.. Labels.Select(label => label.ToStored())]),
            ["reuse"] = Reuse.ToStored(),
        };
        if (ConfigurationId is not null) stored["configuration"] = ConfigurationId;
        if (MatchedFormat is not null)
        {
            stored["matched_format"] = MatchedFormat;
            stored["matched_types"] = new JsonArray([.. MatchedTypes.Select(type => (JsonNode)JsonValue.Create(type))]);
        }
        Colors.AddTo(stored);
        Logo.AddTo(stored, "logo", Logo);
        Logo.AddTo(stored, "issuer_logo", IssuerLogo);
        Logo.AddTo(stored, "background_image", Background);
        return stored;
    }

    internal static Document FromStored(StoredRecord record, IEnumerable<StoredCredential> credentials)
    {
        const string code = WalletCodes.StoreCorrupt;
        var body = record.Body;
        return new Document
        {
            Id = record.Id,
            Format = body.RequireString("format", code),
            Type = body.RequireString("type", code),
            MatchedFormat = body.OptionalString("matched_format", code),
            MatchedTypes = body.OptionalStringArray("matched_types", code) ?? [],
            CredentialIssuer = body.RequireString("issuer", code),
            ConfigurationId = body.OptionalString("configuration", code),
            IssuerNames = DisplayNames.FromStored(body.RequireObjectMember("issuer_names", code)),
            Names = DisplayNames.FromStored(body.RequireObjectMember("names", code)),
            ReceivedAt = StoredTime.Read(body, "received_at") ?? throw StoreErrors.Corrupt(),
            Credentials = [.. credentials.OrderBy(credential => credential.TimesPresented).ThenBy(credential => credential.Id, StringComparer.Ordinal)],
            Reuse = body.OptionalObject("reuse", code) is { } reuse ? ReusePolicy.FromStored(reuse) : ReusePolicy.Once,
            Labels = [.. body.GetProperty("claims").EnumerateArray().Select(ClaimLabel.FromStored)],
            Colors = CardColors.FromStored(body),
            Logo = Logo.FromStored(body, "logo"),
            IssuerLogo = Logo.FromStored(body, "issuer_logo"),
            Background = Logo.FromStored(body, "background_image"),
        };
    }
}
