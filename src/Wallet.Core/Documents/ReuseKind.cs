namespace Credentials.Wallet.Core.Documents;

/// <summary>How often a copy of a document may be shown. The numbers are stored and never change.</summary>
public enum ReuseKind
{
    /// <summary>Once, as long as there are fresh copies: <see cref="ReusePolicy.Once"/>.</summary>
    Once = 1,

    /// <summary>So many times and never again: <see cref="ReusePolicy.Limited"/>.</summary>
    Limited = 2,

    /// <summary>Again and again, in turn: <see cref="ReusePolicy.Rotating"/>.</summary>
    Rotating = 3,
}
