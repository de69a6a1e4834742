using System.Diagnostics;
using System.Globalization;

namespace Credentials.Cli.Demo;

/// <summary>Prints the steps of the story, each with its time, and notes whether one did not come out as it must.</summary>
internal sealed class DemoScript(CommandContext context)
{
    private readonly Stopwatch _whole = Stopwatch.StartNew();
    private int _steps;

    internal CommandContext Context => context;

    internal void Say(string text) => context.Terminal.Line("     " + text);

    internal async Task StepAsync(string title, Func<Task> act)
    {
        context.Cancelled.ThrowIfCancellationRequested();
        var watch = Stopwatch.StartNew();
        context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"\n{++_steps,3}. {title}"));
        await act();
        context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"     done in {watch.ElapsedMilliseconds} ms"));
    }

    /// <summary>Holds an outcome against what the story needs.</summary>
    /// <exception cref="DemoFailedException">It is another.</exception>
    internal static void Require(bool holds, string what)
    {
        if (!holds) throw new DemoFailedException(what);
    }

    internal void End(string? failure)
    {
        context.Terminal.Line();
        context.Terminal.Line(failure is null
            ? string.Create(CultureInfo.InvariantCulture, $"All {_steps} steps came out as they must ({_whole.Elapsed.TotalSeconds:0.0} s).")
            : $"FAILED: {failure}");
    }
}
