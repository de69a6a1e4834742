namespace Credentials.Dcql;

/// <summary>One purpose of the verifier.</summary>
/// <param name="Required">False: the holder may leave it out.</param>
/// <param name="Options">The alternatives in the verifier's order, also those that the wallet cannot meet.</param>
public sealed record DcqlSet(bool Required, IReadOnlyList<DcqlOption> Options)
{
    /// <summary>True if an option can be met.</summary>
    public bool IsSatisfiable => Options.Any(option => option.IsSatisfiable);
}
