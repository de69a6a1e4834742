namespace Credentials.DataIntegrity;

/// <summary>Error codes of Data Integrity proofs.</summary>
public static class DataIntegrityCodes
{
    /// <summary>There is no proof: <c>proof</c> is missing, null, an empty list or no object.</summary>
    public const string ProofMissing = "data_integrity.proof_missing";

    /// <summary>A proof does not have the members that Data Integrity 1.0 §2.1 asks for, or a member of the wrong kind.</summary>
    public const string ProofMalformed = "data_integrity.proof_malformed";

    /// <summary>More proofs on a document than are looked at.</summary>
    public const string TooManyProofs = "data_integrity.too_many_proofs";

    /// <summary>A proof of another type than <c>DataIntegrityProof</c>.</summary>
    public const string ProofType = "data_integrity.proof_type";

    /// <summary>A cryptosuite that is not supported.</summary>
    public const string CryptosuiteNotSupported = "data_integrity.cryptosuite_not_supported";

    /// <summary>The purpose of a proof is not the one that is expected.</summary>
    public const string ProofPurpose = "data_integrity.proof_purpose";

    /// <summary>The verification method is a key of another kind than the cryptosuite uses.</summary>
    public const string KeyType = "data_integrity.key_type";

    /// <summary>A proof was made later than now.</summary>
    public const string CreatedInFuture = "data_integrity.created_in_future";

    /// <summary>A proof has ended, or ends before it was made.</summary>
    public const string Expired = "data_integrity.expired";

    /// <summary>The domains of a proof are not the expected ones (Data Integrity 1.0 §4.4).</summary>
    public const string Domain = "data_integrity.domain";

    /// <summary>The challenge of a proof is not the expected one (Data Integrity 1.0 §4.4).</summary>
    public const string Challenge = "data_integrity.challenge";

    /// <summary>A proof refers to one that is not there, or to itself, or two proofs have the same identifier (Data Integrity 1.0 §4.5).</summary>
    public const string Chain = "data_integrity.chain";

    /// <summary>The proof value is not in the form of its cryptosuite.</summary>
    public const string ProofValue = "data_integrity.proof_value";

    /// <summary>By the document's contexts, the members of a proof mean something else than they are called.</summary>
    public const string ProofMeaning = "data_integrity.proof_meaning";

    /// <summary>The contexts that a proof covers are not the first ones of the document.</summary>
    public const string ProofContext = "data_integrity.proof_context";

    /// <summary>The signature is not the key's over this document and proof.</summary>
    public const string SignatureInvalid = "data_integrity.signature_invalid";

    /// <summary>A JSON pointer that is malformed or points to nothing in the document.</summary>
    public const string Pointer = "data_integrity.pointer";

    /// <summary>The document holds what selective disclosure cannot cut: a list in the sense of RDF, a blank node identifier, a context in a nested object; or a part says something else without the rest, such as a text without its language.</summary>
    public const string NotSelectable = "data_integrity.not_selectable";
}
