using Credentials.Dcql;

namespace Credentials.OpenId4Vp;

/// <summary>One presentation of a response. Compared by reference: the same text may come twice.</summary>
internal sealed class Presentation(CredentialQuery query, string text)
{
    /// <summary>The query that it answers.</summary>
    public CredentialQuery Query { get; } = query;

    /// <summary>The text, not looked at yet.</summary>
    public string Text { get; } = text;
}
