namespace Credentials.Wallet.Core.MyData;

/// <summary>What the holder asks for. The numbers are stored and never change.</summary>
public enum RightsRequestKind
{
    /// <summary>That a verifier deletes what it was shown.</summary>
    Deletion = 1,

    /// <summary>That an authority looks at a verifier.</summary>
    Report = 2,
}
