using Credentials.Http;

namespace Credentials.Cli;

/// <summary>The way to the network, with the permissions of this process.</summary>
internal static class Network
{
    internal const string LoopbackVariable = "CREDENTIALS_ALLOW_LOOPBACK_HTTP";

    internal static bool AllowsLoopbackHttp => Environment.GetEnvironmentVariable(LoopbackVariable) == "1";

    internal static OutboundHttp Open() => new(new OutboundHttpOptions { AllowLoopbackHttp = AllowsLoopbackHttp });
}
