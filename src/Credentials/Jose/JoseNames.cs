namespace Credentials.Jose;

/// <summary>Header parameter names and values (RFC 7515 §4.1, RFC 7516 §4.1, RFC 7518 §4.6.1).</summary>
internal static class JoseNames
{
    public const string Alg = "alg";
    public const string Typ = "typ";
    public const string Kid = "kid";
    public const string Crit = "crit";
    public const string B64 = "b64";
    public const string X5c = "x5c";
    public const string Enc = "enc";
    public const string Zip = "zip";
    public const string Epk = "epk";
    public const string Apu = "apu";
    public const string Apv = "apv";
    public const string EcdhEs = "ECDH-ES";
}
