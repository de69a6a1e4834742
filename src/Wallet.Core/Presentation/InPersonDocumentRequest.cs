using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Mdoc;
using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>What a reader asks of one type of document, who signed that, and what could be shown.</summary>
public sealed class InPersonDocumentRequest
{
    internal InPersonDocumentRequest(ItemsRequest items, ReaderIdentity reader, IReadOnlyList<DocumentMatch> matches)
    {
        Type = items.DocType;
        AskedFor = [.. items.NameSpaces.SelectMany(space => space.Value.Keys.Select(element => ClaimPath.Of(space.Key, element)))];
        Retained = [.. items.NameSpaces.SelectMany(space => space.Value.Where(element => element.Value).Select(element => ClaimPath.Of(space.Key, element.Key)))];
        ReaderNames = NamesIn(reader.Certificate);
        UnverifiedReaderNames = NamesIn(reader.UnverifiedCertificate);
        ReaderCode = reader.Code;
        Matches = matches;
    }

    /// <summary>The document type.</summary>
    public string Type { get; }

    /// <summary>The data elements asked for, each by namespace and identifier.</summary>
    public IReadOnlyList<ClaimPath> AskedFor { get; }

    /// <summary>Those of them that the reader says it will keep.</summary>
    public IReadOnlyList<ClaimPath> Retained { get; }

    /// <summary>The name in the certificate of the reader; none unless a trusted authority vouches for it.</summary>
    public DisplayNames ReaderNames { get; }

    /// <summary>What a reader that nobody vouches for calls itself in its own certificate: to be shown as that only. None for a trusted reader.</summary>
    public DisplayNames UnverifiedReaderNames { get; }

    /// <summary>True if a reader that the wallet trusts signed exactly this request for exactly this session.</summary>
    public bool IsReaderTrusted => ReaderCode is null;

    /// <summary>Why the reader is not trusted (a code of <see cref="MdocCodes"/> or of its certificate path); null if it is.</summary>
    public string? ReaderCode { get; }

    /// <summary>
    /// The holder's documents that answer it, the one shown least often first, each with the elements that would be disclosed. For
    /// <c>age_over_NN</c> that is the nearest statement from which the answer follows (§7.2.5).
    /// </summary>
    public IReadOnlyList<DocumentMatch> Matches { get; }

    private static DisplayNames NamesIn(X509Certificate2? certificate)
    {
        try
        {
            return DisplayNames.From([(null, certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false))]);
        }
        catch (CryptographicException)
        {
            // The certificate of a stranger may have a name that cannot be read.
            return DisplayNames.None;
        }
    }
}
