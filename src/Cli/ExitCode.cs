namespace Credentials.Cli;

/// <summary>The exit codes of the command line.</summary>
internal static class ExitCode
{
    internal const int Done = 0;
    internal const int Refused = 1;
    internal const int Usage = 2;
    internal const int CouldNotFinish = 3;
}
