using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Credentials.DataIntegrity;

/// <summary>What came of the proofs of a document: every check of <see cref="DataIntegrityChecks"/>, over all proofs together.</summary>
public sealed class DataIntegrityVerification
{
    private readonly JsonElement? _document;

    internal DataIntegrityVerification(CheckRecorder recorder, IReadOnlyList<ProofFinding> proofs, Func<JsonElement> document)
    {
        Checks = [.. recorder.Checks];
        Proofs = proofs;
        _document = recorder.AllAccept ? document() : null;
    }

    /// <summary>All checks, in a fixed order.</summary>
    public IReadOnlyList<VerificationCheck> Checks { get; }

    /// <summary>The proofs that could be read, in the order of the document, with their keys where these could be had.</summary>
    public IReadOnlyList<ProofFinding> Proofs { get; }

    /// <summary>True only if every check passed or rightly did not apply.</summary>
    [MemberNotNullWhen(true, nameof(_document))]
    public bool IsVerified => _document is not null;

    /// <summary>What was signed: the document without its proofs, and nothing that a proof does not cover.</summary>
    public bool TryGetDocument([NotNullWhen(true)] out JsonElement? document)
    {
        document = _document;
        return document is not null;
    }
}
