namespace Credentials.Cose;

/// <summary>What a format lets a message have beyond the common rules.</summary>
/// <param name="OtherAlgorithms">Numbers of algorithms that the format verifies itself, over <see cref="CoseSign1.ToBeSigned()"/>.</param>
/// <param name="KeyIdInBothHeaders">True: the key identifier may stand in both headers, where RFC 9052 §3 has a label in one only; the protected one counts.</param>
public sealed record CoseAllowances(IReadOnlyCollection<long> OtherAlgorithms, bool KeyIdInBothHeaders)
{
    /// <summary>Nothing more.</summary>
    public static CoseAllowances None { get; } = new([], false);
}
