namespace Credentials.Cli;

/// <summary>Finds the command, reads its arguments, runs it, and turns whatever went wrong into an exit code and two lines.</summary>
internal static class CommandLine
{
    internal static async Task<int> RunAsync(string[] words, Terminal terminal, TimeProvider time, CancellationToken cancelled)
    {
        try
        {
            return await FindAndRunAsync(words, terminal, time, cancelled);
        }
        catch (CommandException failure)
        {
            return Fail(terminal, failure.ExitCode, failure.Message, failure.Hint);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return Fail(terminal, ExitCode.CouldNotFinish, "interrupted");
        }
        catch (CredentialException failure)
        {
            return Fail(terminal, ExitCodeOf(failure), $"{failure.Code}: {TextSafety.ForTerminal(failure.Message)}");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fail(terminal, ExitCode.Usage, TextSafety.ForTerminal(failure.Message));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(terminal, ExitCode.CouldNotFinish, TextSafety.ForTerminal(failure.Message));
        }
        catch (Exception failure)
        {
            // The message of an unforeseen exception may carry what it stumbled over; its type does not.
            return Fail(terminal, ExitCode.CouldNotFinish, $"unexpected failure ({failure.GetType().Name})",
                "please report it with the command that you ran");
        }
    }

    private static async Task<int> FindAndRunAsync(string[] words, Terminal terminal, TimeProvider time, CancellationToken cancelled)
    {
        if (words is [] or ["help"] or ["--help"] or ["-h"])
        {
            await (words is [] ? terminal.Error : terminal.Out).WriteAsync(Usage.Text);
            return words is [] ? ExitCode.Usage : ExitCode.Done;
        }
        if (words is ["--version"] or ["version"])
        {
            terminal.Line(typeof(CommandLine).Assembly.GetName().Version?.ToString(3) ?? "unknown");
            return ExitCode.Done;
        }
        if (words[0] == "help")
            words = [.. words[1..], "--help"];
        var named = words.TakeWhile(word => !IsHelp(word)).ToList();
        if (named.Count < words.Length && Usage.OfGroup(string.Join(' ', named)) is { } group)
        {
            await terminal.Out.WriteAsync(group);
            return ExitCode.Done;
        }
        var (verb, rest) = Find(words);
        if (rest.Any(IsHelp))
        {
            await terminal.Out.WriteAsync(Usage.Of(verb));
            return ExitCode.Done;
        }
        return await RunVerbAsync(verb, rest, terminal, time, cancelled);
    }

    private static Task<int> RunVerbAsync(Verb verb, string[] rest, Terminal terminal, TimeProvider time, CancellationToken cancelled)
    {
        Arguments arguments;
        try
        {
            arguments = Arguments.Read(Grammar.Parse(verb.Synopsis), rest);
        }
        catch (CommandException wrong)
        {
            throw CommandException.Usage(wrong.Message, $"credentials {verb.Name} {verb.Synopsis}".TrimEnd());
        }
        return verb.Run(new CommandContext(arguments, terminal, time, cancelled));
    }

    private static bool IsHelp(string word) => word is "--help" or "-h";

    private static (Verb Verb, string[] Words) Find(string[] words)
    {
        foreach (var length in (ReadOnlySpan<int>)[3, 2, 1])
        {
            if (words.Length >= length && Usage.Find(string.Join(' ', words[..length])) is { } verb)
                return (verb, words[length..]);
        }
        var family = string.Join(", ", Usage.Verbs.Select(verb => verb.Name).Where(name => name.StartsWith(words[0] + " ", StringComparison.Ordinal)));
        throw family.Length > 0
            ? CommandException.Usage($"{words[0]} needs one of: {family}", "credentials help")
            : CommandException.Usage($"unknown command {TextSafety.ForTerminal(words[0])}", "credentials help");
    }

    private static int ExitCodeOf(CredentialException failure) => failure switch
    {
        MalformedDataException or NotSupportedCredentialException => ExitCode.Usage,
        ProtocolException => ExitCode.Refused,
        _ => ExitCode.CouldNotFinish,
    };

    private static int Fail(Terminal terminal, int exitCode, string message, string? hint = null)
    {
        terminal.Error.WriteLine("error: " + message);
        if (hint is not null)
            terminal.Hint(hint);
        return exitCode;
    }
}
