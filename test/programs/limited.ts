/* Allocates what ADJOINT_MEMORY_LIMIT does not allow; prints the error and shows that the process goes on. */
import { memoryUsage, zeros } from 'adjoint';

console.log(memoryUsage().limit);
try {
  const kept = [];
  for (;;) kept.push(zeros([1_000_000]));
} catch (error) {
  console.log((error as Error).message);
}
console.log(zeros([2]).add(1).toArray());
