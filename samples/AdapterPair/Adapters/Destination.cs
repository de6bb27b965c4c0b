using System.Text;
using ClientFailover.Samples.AdapterPair.Signal;

namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>Responsible for the end of the line: a file to which the Primary appends, one write a sample.</summary>
internal sealed class Destination(string path, string adapter) : IDisposable
{
    // Unbuffered: what was appended survives the death of this process.
    private readonly FileStream _file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public void Append(Sample sample)
    {
        // A stream opened to append remembers its own end of the file; the other adapter may have written since.
        _file.Seek(0, SeekOrigin.End);
        _file.Write(Encoding.UTF8.GetBytes(sample.ToLine(adapter)));
    }

    public void Dispose() => _file.Dispose();
}
