using System.Security.Cryptography;

namespace Credentials.JsonLd;

/// <summary>
/// RDFC-1.0 (RDF Dataset Canonicalization 1.0 §4): the same labels and lines for datasets that differ only in the labels of their
/// blank nodes. Datasets made to take too much work are refused (§7.1).
/// </summary>
public static class RdfCanonicalization
{
    /// <summary>Canonicalizes a dataset.</summary>
    /// <param name="quads">Its statements; repetitions count once.</param>
    /// <param name="hash">SHA-256, or SHA-384 where a cryptosuite says so.</param>
    /// <param name="limits">Caps; null: <see cref="RdfLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException"><c>rdf.too_complex</c>: over a cap.</exception>
    public static CanonicalRdf Canonicalize(IEnumerable<RdfQuad> quads, HashAlgorithmName hash, RdfLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(quads);
        if (hash != HashAlgorithmName.SHA256 && hash != HashAlgorithmName.SHA384) throw new ArgumentException("SHA-256 or SHA-384.", nameof(hash));
        limits ??= RdfLimits.Default;
        HashSet<RdfQuad> dataset = [];
        foreach (var quad in quads)
        {
            if (dataset.Add(quad) && dataset.Count > limits.MaxQuads)
                throw new MalformedDataException(JsonLdCodes.DatasetTooComplex, $"Over {limits.MaxQuads} statements.");
        }

        var labels = new BlankNodeLabelling(dataset, hash, limits).Run();
        return new CanonicalRdf(NQuads.Lines(dataset, label => labels[label]), labels);
    }
}
