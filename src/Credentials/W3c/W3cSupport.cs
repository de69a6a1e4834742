using Credentials.Dids;
using Credentials.Http;
using Credentials.JsonLd;

namespace Credentials.W3c;

/// <summary>What W3C credentials need of their verifier beyond what every format does: where keys and lists come from, and which contexts are known.</summary>
public sealed record W3cSupport
{
    /// <summary>Without a network: identifiers that are keys themselves, the contexts that are built in, no status.</summary>
    public static W3cSupport Offline { get; } = new()
    {
        Identifiers = new DidResolver(DidMethods.Key | DidMethods.Jwk),
        HolderIdentifiers = new DidResolver(DidMethods.Key | DidMethods.Jwk),
    };

    /// <summary>Finds the keys of issuers (<see cref="W3cExpectations.Identifiers"/>).</summary>
    public DidResolver? Identifiers { get; init; }

    /// <summary>Finds the keys of holders (<see cref="W3cExpectations.HolderIdentifiers"/>).</summary>
    public DidResolver? HolderIdentifiers { get; init; }

    /// <summary>Fetches bitstring status lists.</summary>
    public BitstringStatusListClient? StatusListClient { get; init; }

    /// <summary>The contexts that are known.</summary>
    public JsonLdContexts Contexts { get; init; } = JsonLdContexts.BuiltIn;

    /// <summary>Whether a document without a session may be of data model 1.1; in a session the query's format says it.</summary>
    public bool AcceptsDataModelV1 { get; init; }

    /// <summary>
    /// With a network, for as long as the process runs: the documents of trusted issuers and status lists are fetched and kept. Holders are
    /// known by identifiers that are keys themselves, so that whoever presents has nobody asked.
    /// </summary>
    public static W3cSupport Online(OutboundHttp http) => Offline with
    {
        Identifiers = new DidResolver(DidMethods.Key | DidMethods.Jwk | DidMethods.Web | DidMethods.Https, http),
        StatusListClient = new BitstringStatusListClient(http),
    };
}
