using System.Runtime.InteropServices;

namespace Credentials.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, interrupted));
        using var terminal = Terminal.Standard();
        return await CommandLine.RunAsync(args, terminal, TimeProvider.System, interrupted.Token);
    }

    // The first signal asks the command to end by itself, so that nothing is lost; the second one ends the process.
    private static void Stop(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        if (interrupted.IsCancellationRequested)
            return;
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
