namespace Credentials.W3c;

/// <summary>A version of the W3C data model for credentials, told by the base context.</summary>
public enum DataModelVersion
{
    /// <summary>Verifiable Credentials Data Model 2.0.</summary>
    V2 = 0,

    /// <summary>Verifiable Credentials Data Model 1.1; read on verification where the policy says so.</summary>
    V1,
}
