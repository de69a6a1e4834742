using Credentials.Wallet.Core.Tests;
using Credentials.Wallet.Core.Tests.Events;
using Credentials.Wallet.Core.Tests.Storage;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

await CrashWriter.RunWhenAskedAsync();
await EventWatcher.RunWhenAskedAsync();

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
