using ClientFailover.Service.Logging;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace ClientFailover.Service.Tests.Logging;

/// <summary>Takes what is logged the whole way from the framework to the text of a line, in memory.</summary>
internal sealed class LogPipe : LogOutput
{
    private readonly Gatherer _gatherer;

    public LogPipe(ITextFormatter formatter)
        : this(new Gatherer(formatter))
    {
    }

    private LogPipe(Gatherer gatherer)
        : base(new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(gatherer).CreateLogger()) => _gatherer = gatherer;

    /// <summary>All that was written.</summary>
    public string Text => _gatherer.Output.ToString();

    /// <summary>Logs one message, and tells the text of its line.</summary>
    public static string Write(ITextFormatter formatter, Action<Microsoft.Extensions.Logging.ILogger> write, string category = "Some.Category")
    {
        using var pipe = new LogPipe(formatter);
        using var factory = LoggerFactory.Create(b => b.AddProvider(pipe).SetMinimumLevel(LogLevel.Trace));
        write(factory.CreateLogger(category));
        return pipe.Text;
    }

    private sealed class Gatherer(ITextFormatter formatter) : ILogEventSink
    {
        public StringWriter Output { get; } = new();

        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, Output);
    }
}
