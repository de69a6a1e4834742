using System.Globalization;

namespace Credentials.Cli.InPerson;

/// <summary>Waits for the other device as long as <c>--wait-seconds</c> says, and no longer.</summary>
internal static class Patience
{
    private const int DefaultSeconds = 300;

    internal static async Task<T> WaitAsync<T>(CommandContext context, string onEnd, Func<CancellationToken, Task<T>> wait)
    {
        var seconds = context.Arguments.Number("--wait-seconds", 1, 3600) ?? DefaultSeconds;
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.Cancelled, end.Token);
        try
        {
            return await wait(either.Token);
        }
        catch (OperationCanceledException) when (!context.Cancelled.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.CouldNotFinish, string.Create(CultureInfo.InvariantCulture, $"{onEnd} within {seconds} seconds"));
        }
    }
}
