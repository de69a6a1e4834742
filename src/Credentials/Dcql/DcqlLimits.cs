namespace Credentials.Dcql;

/// <summary>How large a query may be: one that needs more is refused before it is evaluated.</summary>
internal static class DcqlLimits
{
    public const int Credentials = 32;
    public const int Claims = 100;
    public const int Sets = 32;
    public const int Values = 100;
    public const int TrustedAuthorities = 16;
    public const int AuthorityValues = 500;
    public const int IdLength = 128;
}
