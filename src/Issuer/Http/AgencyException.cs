namespace Credentials.Issuer.Http;

/// <summary>A request of the agency API that is refused, as a problem document.</summary>
internal sealed class AgencyException(int status, string code, string message) : Exception(message)
{
    internal int Status { get; } = status;

    internal string Code { get; } = code;
}
