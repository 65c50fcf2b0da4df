namespace Orleans.Runtime;

[GenerateSerializer]
public class InvalidSchedulingContextException : OrleansException
{
    public InvalidSchedulingContextException(string message)
        : base(message)
    {
    }
}
