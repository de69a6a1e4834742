using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Http;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Verifier.Policies;
using Credentials.X509;

namespace Credentials.Cli.InPerson;

/// <summary>
/// What a policy asks of a device nearby. A device request (ISO/IEC 18013-5 §8.3.2.1.2.1) knows no alternatives: it asks for the first option
/// of each credential set that is all mdocs, and of each mdoc for the first of its claim sets. The answer is held against the whole policy.
/// </summary>
internal sealed class InPersonQuestion
{
    private const int MaxPolicyBytes = 256 * 1024;

    private readonly DcqlQuery _query;
    private readonly IReadOnlyList<CredentialQuery> _asked;
    private readonly TimeSpan _statusMaxAge;

    private InPersonQuestion(Policy policy)
    {
        _statusMaxAge = TimeSpan.FromSeconds(policy.StatusMaxAgeSeconds);
        _query = DcqlQuery.Parse(policy.DcqlQuery);
        _asked = Choose(_query);
        Items = [.. _asked.Select(Request)];
        if (Items.DistinctBy(items => items.DocType).Count() != Items.Count)
            throw Unfit("asks for one type of document twice");
    }

    /// <summary>The document requests, for a <see cref="DeviceRequest"/>.</summary>
    internal IReadOnlyList<ItemsRequest> Items { get; }

    /// <summary>A shipped policy by its name, or one from a file.</summary>
    internal static async Task<InPersonQuestion> LoadAsync(string nameOrFile, CommandContext context) =>
        Named(nameOrFile) ?? new InPersonQuestion(Policy.Parse(await InputFiles.ReadAsync(nameOrFile, context, MaxPolicyBytes)));

    /// <summary>A shipped policy; null if none has this name.</summary>
    internal static InPersonQuestion? Named(string name) => PolicyCatalog.Load(null).Find(name) is { } shipped ? new InPersonQuestion(shipped) : null;

    /// <summary>What each document must meet: the device authentication is the session's, whatever stands here.</summary>
    internal MdocExpectations Expect(TrustStore trust, DateTimeOffset now, OutboundHttp http, StatusMode status, CrlPolicy revocation) => new()
    {
        Trust = trust,
        Now = now,
        DeviceAuth = DeviceAuthExpectation.NotRequested,
        Status = new StatusPolicy(status, _statusMaxAge),
        StatusClient = new StatusListClient(http),
        Revocation = new SignerRevocation(new CrlClient(http), revocation),
        Query = Check,
    };

    /// <summary>Whether what was accepted is enough for the policy.</summary>
    internal bool IsAnsweredBy(IReadOnlyList<DocumentAnswer> answers) => DcqlAnswerCheck.IsSatisfied(
        _query, _asked.Zip(answers).Where(pair => pair.Second.IsAccepted).Select(pair => pair.First.Id).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether an mdoc that came back is what was asked for: null, or the code of what is missing.</summary>
    private string? Check(IssuerSigned mdoc, JsonElement claims) =>
        _asked.FirstOrDefault(query => query.Types.Contains(mdoc.SecurityObject.DocType)) is { } query
            ? DcqlAnswerCheck.Check(query, DcqlCandidate.ForMdoc(mdoc, WithAges(query, mdoc, claims))).Code
            : DcqlCodes.TypeMismatch;

    private static List<CredentialQuery> Choose(DcqlQuery query)
    {
        var ids = new List<string>();
        foreach (var set in query.EffectiveSets())
        {
            if (set.Options.FirstOrDefault(option => option.All(id => query.Find(id)!.Format == CredentialFormat.Mdoc)) is { } option) ids.AddRange(option);
            else if (set.Required) throw Unfit("needs a document that is no mdoc");
        }
        return ids.Count > 0 ? [.. ids.Distinct(StringComparer.Ordinal).Select(id => query.Find(id)!)] : throw Unfit("asks for no mdoc");
    }

    private static ItemsRequest Request(CredentialQuery query)
    {
        var elements = query.Alternatives().First()
            .Select(claim => (Space: claim.Path.Segments[0].Name!, Element: claim.Path.Segments[1].Name!, Retain: claim.IntentToRetain ?? false))
            .GroupBy(claim => claim.Space, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                IReadOnlyDictionary<string, bool> (group) => group.ToDictionary(claim => claim.Element, claim => claim.Retain, StringComparer.Ordinal), StringComparer.Ordinal);
        if (elements.Count == 0) throw Unfit("asks for no data element");
        try
        {
            return ItemsRequest.Create(query.Types[0], elements);
        }
        catch (ArgumentException)
        {
            throw Unfit("asks for more than two statements about the age");
        }
    }

    /// <summary>The claims, and for an age asked for that is not among them what follows from the nearest one (ISO/IEC 18013-5 §7.2.5).</summary>
    private static JsonElement WithAges(CredentialQuery query, IssuerSigned mdoc, JsonElement claims)
    {
        if (StrictJson.ToNode(claims) is not JsonObject all) return claims;
        foreach (var path in (query.Claims ?? []).Select(claim => claim.Path))
        {
            var (space, element) = (path.Segments[0].Name!, path.Segments[1].Name!);
            if (all[space] is not JsonObject shown || shown.ContainsKey(element)) continue;
            if (AgeStatement.FindNearest(mdoc.NameSpaces.GetValueOrDefault(space) ?? [], element) is { } nearest) shown[element] = shown[nearest]?.DeepClone();
        }
        return StrictJson.ToElement(all);
    }

    private static CommandException Unfit(string why) => CommandException.Usage($"this policy cannot be asked in person: it {why}");
}
