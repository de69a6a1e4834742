namespace Credentials.DataIntegrity;

/// <summary>Proofs that cover earlier proofs (Data Integrity 1.0 §2.1.2).</summary>
internal static class ProofChain
{
    /// <summary>True if identifiers are unique, every proof that is referred to is there, and none comes back to itself.</summary>
    public static bool IsSound(IReadOnlyList<DataIntegrityProof> proofs)
    {
        var named = proofs.Where(proof => proof.Id is not null).ToArray();
        if (named.DistinctBy(proof => proof.Id).Count() != named.Length) return false;
        // Takes away proofs whose earlier ones are all gone; what is left goes round in a circle, or refers to one that is not there.
        List<DataIntegrityProof> left = [.. proofs];
        HashSet<string> done = new(StringComparer.Ordinal);
        while (left.Find(proof => proof.PreviousProofs.All(done.Contains)) is { } next)
        {
            left.Remove(next);
            if (next.Id is not null) done.Add(next.Id);
        }

        return left.Count == 0;
    }
}
