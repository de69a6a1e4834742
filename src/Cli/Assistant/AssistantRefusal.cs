namespace Credentials.Cli.Assistant;

/// <summary>The assistant gets this code and nothing else.</summary>
internal sealed class AssistantRefusal(string code) : Exception(code)
{
    internal string Code => Message;
}
